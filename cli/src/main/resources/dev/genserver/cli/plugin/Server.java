package @package@;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Result;

/// Adds up. Starts at its argument `start`, or at 0.
public final class @Name@ extends GenServer<@Name@.State, @Name@.Call, @Name@.Cast> {

  public record State(long total) {}

  public sealed interface Call {
    /// Replies the total.
    record Get() implements Call {}

    /// Replies the new total.
    record Add(long by) implements Call {}
  }

  public sealed interface Cast {
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
        var next = new State(Math.addExact(state.total(), by));
        yield reply(next.total(), next);
      }
    };
  }

  @Override
  public Result<State> handleCast(Cast message, State state) {
    return switch (message) {
      case Cast.Reset() -> noReply(new State(0));
    };
  }
}
