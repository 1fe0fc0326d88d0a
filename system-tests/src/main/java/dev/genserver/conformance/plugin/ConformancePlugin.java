package dev.genserver.conformance.plugin;

import dev.genserver.sdk.Behaviour;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.DynamicSupervisorSpec;
import dev.genserver.sdk.Plugin;
import dev.genserver.sdk.StartOptions;
import java.time.Duration;
import java.util.List;

/// Runs the process `conformance`, which starts a [Probe] for whoever asks, and a supervisor that
/// restarts these however often they crash.
public final class ConformancePlugin implements Plugin {

  @Override
  public List<Behaviour<?>> behaviours() {
    return List.of(Behaviour.of("probe", Probe.class, Probe::new));
  }

  @Override
  public List<ChildSpec> children() {
    return List.of(
        ChildSpec.supervisor(
            Probes.SUPERVISOR,
            DynamicSupervisorSpec.create().intensity(1_000_000, Duration.ofSeconds(1)),
            StartOptions.named(Probes.SUPERVISOR)),
        ChildSpec.named("conformance", Probes::new));
  }
}
