package dev.genserver.sdk;

import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The process behind an [Agent].
final class AgentServer<S> extends GenServer<S, AgentServer.Request<S>, AgentServer.Update<S>> {

  /// A call.
  sealed interface Request<S> {

    record Get<S>(Function<? super S, ?> function) implements Request<S> {}

    record Update<S>(UnaryOperator<S> function) implements Request<S> {}

    record GetAndUpdate<S>(Function<? super S, ? extends Agent.Updated<?, S>> function)
        implements Request<S> {}
  }

  /// A cast.
  record Update<S>(UnaryOperator<S> function) {}

  private @Nullable Supplier<? extends S> initial;

  AgentServer(Supplier<? extends S> initial) {
    this.initial = initial;
  }

  @Override
  public Init<S> init(Args args) {
    var first = Objects.requireNonNull(initial);
    initial = null; // an agent outlives the code that started it
    enter(first);
    return ok(state(first.get()));
  }

  @Override
  public CallResult<S> handleCall(Request<S> request, From from, S state) {
    return switch (request) {
      case Request.Get<S>(var function) -> {
        enter(function);
        yield reply(function.apply(state), state);
      }
      case Request.Update<S>(var function) -> reply(null, update(function, state));
      case Request.GetAndUpdate<S>(var function) -> getAndUpdate(function, state);
    };
  }

  @Override
  public Result<S> handleCast(Update<S> update, S state) {
    return noReply(update(update.function(), state));
  }

  /// Nobody knows of messages to an agent; they are dropped, as in Elixir.
  @Override
  public Result<S> handleInfo(InfoMessage message, S state) {
    return noReply(state);
  }

  private static <S> S update(UnaryOperator<S> function, S state) {
    enter(function);
    return state(function.apply(state));
  }

  private static <S> CallResult<S> getAndUpdate(
      Function<? super S, ? extends Agent.Updated<?, S>> function, S state) {
    enter(function);
    Agent.@Nullable Updated<?, S> updated = function.apply(state);
    return updated == null
        ? stop(new ExitReason.BadReturnValue(null), state)
        : reply(updated.value(), state(updated.state()));
  }

  private static <S> S state(@Nullable S state) {
    return Objects.requireNonNull(
        state, "the state of an agent must not be null; use an Optional or a record of its own");
  }

  /// Code of a plugin runs with that plugin's context class loader. The agent's own class, which a
  /// thread goes by, belongs to the SDK.
  private static void enter(Object function) {
    var loader = function.getClass().getClassLoader();
    if (loader != null) { // a function of the JDK is nobody's own
      Thread.currentThread().setContextClassLoader(loader);
    }
  }
}
