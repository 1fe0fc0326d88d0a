package dev.genserver.conformance.plugin;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.DynamicSupervisor;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.Shutdown;
import dev.genserver.sdk.StartOptions;
import java.util.Map;

/// Starts probes, ends them, and lets on those that are held. Takes no casts.
public final class Probes extends GenServer<Probes.State, Probes.Call, Void> {

  /// The name of the supervisor of the probes.
  static final String SUPERVISOR = "conformance-probes";

  /// It remembers nothing.
  public record State() {}

  public sealed interface Call {

    /// Starts a probe and replies its pid.
    ///
    /// @param maxQueue the bound of its mailbox
    record Start(String name, int maxQueue) implements Call {}

    /// Ends a probe, whatever it is at, and forgets it. Replies whether it was there.
    record End(String name) implements Call {}

    /// Lets one callback of a probe on that is held, or will be. Replies at once.
    record Release(String name) implements Call {}

    /// Replies once one more callback of a probe is held.
    record AwaitHeld(String name) implements Call {}
  }

  @Override
  public Init<State> init(Args args) {
    return ok(new State());
  }

  @Override
  public CallResult<State> handleCall(Call request, From from, State state) {
    return switch (request) {
      case Call.Start(String name, int maxQueue) -> {
        var spec =
            ChildSpec.worker(
                    name,
                    Probe::new,
                    StartOptions.named(name)
                        .args(new Args(Map.of("name", name)))
                        .maxQueue(maxQueue))
                .shutdown(Shutdown.brutalKill());
        yield reply(probes().startChild(spec).pidOrThrow().toString(), state);
      }
      case Call.End(String name) -> {
        Gate.remove(name);
        var pid = process().whereis(ServerRef.named(name));
        pid.ifPresent(probe -> probes().terminateChild(probe));
        yield reply(pid.isPresent(), state);
      }
      case Call.Release(String name) -> {
        Gate.of(name).open();
        yield reply(true, state);
      }
      case Call.AwaitHeld(String name) -> reply(awaitHeld(name), state);
    };
  }

  private static DynamicSupervisor probes() {
    return process().dynamicSupervisor(ServerRef.named(SUPERVISOR));
  }

  private static boolean awaitHeld(String name) {
    try {
      return Gate.of(name).awaitArrival();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
