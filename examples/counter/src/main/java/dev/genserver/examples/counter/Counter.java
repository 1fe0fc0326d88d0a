package dev.genserver.examples.counter;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Result;

/// Adds up. Starts at its argument `start`, or at 0.
///
/// A sum beyond 64 bits throws, which ends the process; its supervisor starts it afresh.
public final class Counter extends GenServer<Counter.State, Counter.Call, Counter.Cast> {

  public record State(long total) {}

  public sealed interface Call {
    /// Replies the total.
    record Get() implements Call {}

    /// Replies the new total.
    record Add(long by) implements Call {}
  }

  public sealed interface Cast {
    record Add(long by) implements Cast {}

    record Reset() implements Cast {}
  }

  @Override
  public Init<State> init(Args args) {
    return ok(new State(args.longOr("start", 0)));
  }

  @Override
  public CallResult<State> handleCall(Call request, From from, State state) {
    return switch (request) {
      case Call.Get() -> reply(state.total(), state);
      case Call.Add(long by) -> {
        var next = add(by, state);
        yield reply(next.total(), next);
      }
    };
  }

  @Override
  public Result<State> handleCast(Cast message, State state) {
    return switch (message) {
      case Cast.Add(long by) -> noReply(add(by, state));
      case Cast.Reset() -> noReply(new State(0));
    };
  }

  private static State add(long by, State state) {
    return new State(Math.addExact(state.total(), by));
  }
}
