package dev.genserver.benchmarks.scale;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import java.util.concurrent.CountDownLatch;

/// Does nothing but count its starts.
final class Restarted extends GenServer<Restarted.State, Void, Void> {

  record State(long count) {}

  private final CountDownLatch starts;

  Restarted(CountDownLatch starts) {
    this.starts = starts;
  }

  @Override
  public Init<State> init(Args args) {
    starts.countDown();
    return ok(new State(starts.getCount()));
  }
}
