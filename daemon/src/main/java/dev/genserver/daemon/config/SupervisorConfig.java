package dev.genserver.daemon.config;

import dev.genserver.sdk.Restart;
import dev.genserver.sdk.Strategy;
import java.time.Duration;
import java.util.List;

/// A supervisor to start, with its children in starting order.
///
/// @param name what it is registered under
/// @param intensity how many restarts it allows within `period`
/// @param origin where it stands: `genserverd.yaml:31`
public record SupervisorConfig(
    String name,
    Strategy strategy,
    int intensity,
    Duration period,
    Restart restart,
    List<ChildConfig> children,
    String origin)
    implements ChildConfig {

  public SupervisorConfig {
    children = List.copyOf(children);
  }
}
