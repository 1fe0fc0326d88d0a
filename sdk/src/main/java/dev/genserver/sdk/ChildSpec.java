package dev.genserver.sdk;

import java.time.Duration;
import java.util.function.Supplier;

/// What a supervisor needs to know of a child: how to start it, when to start it again, how to end
/// it.
///
/// @param id tells the child from its siblings
/// @param start how it is started, also after each crash
/// @otp supervisor:child_spec()
public record ChildSpec(String id, Start start, Restart restart, Shutdown shutdown) {

  /// How a child is started.
  public sealed interface Start {

    /// A server; `factory` gives a new one for each start.
    record Server(Supplier<? extends GenServer<?, ?, ?>> factory, StartOptions options)
        implements Start {}

    /// A supervisor with children of its own.
    record Tree(SupervisorSpec supervisor) implements Start {}
  }

  /// A worker that is restarted always and has 5 seconds to end. It is registered under `id`.
  public static ChildSpec named(String id, Supplier<? extends GenServer<?, ?, ?>> factory) {
    return worker(id, factory, StartOptions.named(id));
  }

  /// A worker that is restarted always and has 5 seconds to end.
  public static ChildSpec worker(
      String id, Supplier<? extends GenServer<?, ?, ?>> factory, StartOptions options) {
    return new ChildSpec(
        id,
        new Start.Server(factory, options),
        Restart.PERMANENT,
        Shutdown.after(Duration.ofSeconds(5)));
  }

  /// A supervisor that is restarted always and may take as long as it needs to end.
  public static ChildSpec supervisor(String id, SupervisorSpec supervisor) {
    return new ChildSpec(id, new Start.Tree(supervisor), Restart.PERMANENT, Shutdown.infinity());
  }

  public ChildSpec restart(Restart restart) {
    return new ChildSpec(id, start, restart, shutdown);
  }

  public ChildSpec shutdown(Shutdown shutdown) {
    return new ChildSpec(id, start, restart, shutdown);
  }
}
