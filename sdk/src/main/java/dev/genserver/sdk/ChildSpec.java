package dev.genserver.sdk;

import java.time.Duration;
import java.util.function.Supplier;

/// What a supervisor needs to know of a child: how to start it, when to start it again, how to end
/// it.
///
/// Begin with one of the factories and change what differs: `ChildSpec.named("kv",
/// KeyValueStore::new).restart(TRANSIENT)`.
///
/// @param id tells the child from its siblings
/// @param start how it is started, also after each crash
/// @param significant whether its end may end the supervisor, see [AutoShutdown]; not for permanent
///   children
/// @param type what [Supervisor#countChildren] counts it as
/// @param backoff how long it waits before each restart
/// @otp supervisor:child_spec(); `backoff` is beyond OTP
public record ChildSpec(
    String id,
    Start start,
    Restart restart,
    Shutdown shutdown,
    boolean significant,
    Type type,
    Backoff backoff) {

  // One for all: there may be very many children.
  private static final Shutdown WORKER_SHUTDOWN = Shutdown.after(Duration.ofSeconds(5));

  /// What a child is.
  ///
  /// @otp supervisor:worker()
  public enum Type {
    WORKER,
    SUPERVISOR
  }

  /// How a child is started.
  public sealed interface Start {

    /// A server; `factory` gives a new one for each start.
    record Server(Supplier<? extends GenServer<?, ?, ?>> factory, StartOptions options)
        implements Start {}

    /// A supervisor with children of its own.
    record Tree(TreeSpec tree, StartOptions options) implements Start {}

    /// Anything else. `function` runs in the supervisor's process; it starts a process that is
    /// linked to that, with [ProcessContext#startLink], and tells what came of it. What it throws
    /// fails the start.
    record Function(Supplier<StartResult> function) implements Start {}
  }

  /// A worker that is restarted always and has 5 seconds to end. It is registered under `id`.
  public static ChildSpec named(String id, Supplier<? extends GenServer<?, ?, ?>> factory) {
    return worker(id, factory, StartOptions.named(id));
  }

  /// A worker that is restarted always and has 5 seconds to end.
  public static ChildSpec worker(
      String id, Supplier<? extends GenServer<?, ?, ?>> factory, StartOptions options) {
    return worker(id, new Start.Server(factory, options));
  }

  private static ChildSpec worker(String id, Start start) {
    return new ChildSpec(
        id, start, Restart.PERMANENT, WORKER_SHUTDOWN, false, Type.WORKER, Backoff.NONE);
  }

  /// A supervisor that is restarted always and may take as long as it needs to end.
  public static ChildSpec supervisor(String id, TreeSpec tree) {
    return supervisor(id, tree, StartOptions.none());
  }

  /// [#supervisor(String, TreeSpec)] with a name, or a time limit for its start.
  public static ChildSpec supervisor(String id, TreeSpec tree, StartOptions options) {
    return new ChildSpec(
        id,
        new Start.Tree(tree, options),
        Restart.PERMANENT,
        Shutdown.infinity(),
        false,
        Type.SUPERVISOR,
        Backoff.NONE);
  }

  /// A registry called `name`, which is its id too.
  ///
  /// @otp Registry.child_spec/1
  public static ChildSpec registry(String name, RegistrySpec registry) {
    return supervisor(name, registry, StartOptions.named(name));
  }

  /// A worker that `function` starts; it is restarted always and has 5 seconds to end.
  public static ChildSpec function(String id, Supplier<StartResult> function) {
    return worker(id, new Start.Function(function));
  }

  /// An [Agent] that is restarted always, with its initial state, and has 5 seconds to end. It is
  /// registered under `id`.
  ///
  /// @otp the child spec of Elixir's Agent
  public static <S> ChildSpec agent(String id, Supplier<? extends S> initial) {
    return function(
        id,
        () -> ProcessContext.current().startLink(Agent.server(initial), StartOptions.named(id)));
  }

  /// A task that runs once: it is not restarted, however it ends, and has 5 seconds to end.
  ///
  /// @otp the child spec of Elixir's Task
  public static ChildSpec task(String id, Runnable work) {
    return function(id, () -> new StartResult.Ok(ProcessContext.current().startLinkTask(work)))
        .restart(Restart.TEMPORARY);
  }

  public ChildSpec id(String id) {
    return new ChildSpec(id, start, restart, shutdown, significant, type, backoff);
  }

  public ChildSpec start(Start start) {
    return new ChildSpec(id, start, restart, shutdown, significant, type, backoff);
  }

  public ChildSpec restart(Restart restart) {
    return new ChildSpec(id, start, restart, shutdown, significant, type, backoff);
  }

  public ChildSpec shutdown(Shutdown shutdown) {
    return new ChildSpec(id, start, restart, shutdown, significant, type, backoff);
  }

  public ChildSpec significant(boolean significant) {
    return new ChildSpec(id, start, restart, shutdown, significant, type, backoff);
  }

  /// The shutdown time stays what it is: give a supervisor that a function starts
  /// [Shutdown#infinity].
  public ChildSpec type(Type type) {
    return new ChildSpec(id, start, restart, shutdown, significant, type, backoff);
  }

  public ChildSpec backoff(Backoff backoff) {
    return new ChildSpec(id, start, restart, shutdown, significant, type, backoff);
  }
}
