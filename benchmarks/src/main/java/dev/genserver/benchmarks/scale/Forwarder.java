package dev.genserver.benchmarks.scale;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Result;
import java.util.concurrent.CountDownLatch;

/// Casts each message that it gets on to another of its kind, by lot, until that has gone far
/// enough.
final class Forwarder extends GenServer<Forwarder.State, Void, Forwarder.Hop> {

  /// How many it has had.
  record State(long handled) {}

  /// @param left how many times it is to be forwarded
  /// @param lot says to whom
  record Hop(int left, long lot) {

    Hop next() {
      return new Hop(left - 1, lot * 6364136223846793005L + 1442695040888963407L);
    }

    int among(int count) {
      return (int) ((lot >>> 33) % count);
    }
  }

  private final Pid[] all;
  private final CountDownLatch arrived;

  /// @param all of its kind; filled before the first message
  /// @param arrived counts those that have gone far enough
  Forwarder(Pid[] all, CountDownLatch arrived) {
    this.all = all;
    this.arrived = arrived;
  }

  @Override
  public Init<State> init(Args args) {
    return ok(new State(0));
  }

  @Override
  public Result<State> handleCast(Hop hop, State state) {
    if (hop.left() == 0) {
      arrived.countDown();
    } else {
      process().cast(all[hop.among(all.length)], hop.next());
    }
    return noReply(new State(state.handled() + 1));
  }
}
