package dev.genserver.sdk;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A running agent: a process that keeps a state and does nothing else. Got by [Processes#agent].
///
/// Whoever uses it brings the functions that look at the state or change it. They run in the
/// agent's process, one after the other, so no update is lost, and while one takes its time the
/// others wait: have long work done by the caller. A function that throws ends the agent, and its
/// caller fails with the same reason. The functions and what they return must be of the same plugin
/// as the agent.
///
/// ```java
/// process().startLink(Agent.server(() -> 1), StartOptions.named("hits"));
/// Agent<Integer> hits = process().agent(ServerRef.named("hits"));
/// hits.update(n -> n + 1);
/// int now = hits.get(n -> n);
/// ```
///
/// Each method but [#cast] is a call that may throw [CallException], as [Processes#call] does, and
/// waits for [Timeouts#DEFAULT] where no time is said. As safe to share as the [Processes] that it
/// was got from.
///
/// @param <S> the state; immutable, never null
/// @otp Elixir's Agent
public final class Agent<S> {

  /// What [#getAndUpdate] is told: the value to hand out, and the next state.
  public record Updated<R extends @Nullable Object, S>(R value, S state) {}

  private final Processes processes;
  private final ServerRef server;

  Agent(Processes processes, ServerRef server) {
    this.processes = processes;
    this.server = server;
  }

  /// A server that keeps a state, to be started as any other. `initial` runs in its process and
  /// gives the first state; what it throws fails the start. See [ChildSpec#agent] for one that is
  /// supervised.
  public static <S> GenServer<?, ?, ?> server(Supplier<? extends S> initial) {
    return new AgentServer<S>(initial);
  }

  /// The agent's name or pid.
  public ServerRef server() {
    return server;
  }

  /// What `function` makes of the state.
  ///
  /// @otp Agent.get/3
  public <R extends @Nullable Object> R get(
      Function<? super S, ? extends R> function, Duration timeout) {
    return call(new AgentServer.Request.Get<S>(function), timeout);
  }

  /// [#get(Function, Duration)] with [Timeouts#DEFAULT].
  public <R extends @Nullable Object> R get(Function<? super S, ? extends R> function) {
    return get(function, Timeouts.DEFAULT);
  }

  /// Replaces the state by what `function` makes of it.
  ///
  /// @otp Agent.update/3
  public void update(UnaryOperator<S> function, Duration timeout) {
    call(new AgentServer.Request.Update<S>(function), timeout);
  }

  /// [#update(UnaryOperator, Duration)] with [Timeouts#DEFAULT].
  public void update(UnaryOperator<S> function) {
    update(function, Timeouts.DEFAULT);
  }

  /// Replaces the state, and hands out a value, both as `function` makes them of the state.
  ///
  /// @throws CallException with [ExitReason.BadReturnValue] if the function gives null; the agent
  ///   has ended then
  /// @otp Agent.get_and_update/3
  public <R extends @Nullable Object> R getAndUpdate(
      Function<? super S, Updated<R, S>> function, Duration timeout) {
    return call(new AgentServer.Request.GetAndUpdate<S>(function), timeout);
  }

  /// [#getAndUpdate(Function, Duration)] with [Timeouts#DEFAULT].
  public <R extends @Nullable Object> R getAndUpdate(Function<? super S, Updated<R, S>> function) {
    return getAndUpdate(function, Timeouts.DEFAULT);
  }

  /// Has the state replaced by what `function` makes of it, without waiting for it. Never fails,
  /// not even where nobody is.
  ///
  /// @otp Agent.cast/2
  public void cast(UnaryOperator<S> function) {
    processes.cast(server, new AgentServer.Update<S>(function));
  }

  /// Ends the agent; see [Processes#stop(ServerRef, ExitReason, Duration)].
  ///
  /// @otp Agent.stop/3
  public void stop(ExitReason reason, Duration timeout) {
    processes.stop(server, reason, timeout);
  }

  /// Ends the agent as [ExitReason#NORMAL], waiting as long as it takes.
  public void stop() {
    processes.stop(server);
  }

  @SuppressWarnings({
    "unchecked",
    "NullAway",
    "TypeParameterUnusedInFormals"
  }) // the agent replies what the caller's own function gave, which is an R
  private <R extends @Nullable Object> R call(AgentServer.Request<S> request, Duration timeout) {
    return (R) processes.call(server, request, Object.class, timeout);
  }

  @Override
  public String toString() {
    return "agent " + server;
  }
}
