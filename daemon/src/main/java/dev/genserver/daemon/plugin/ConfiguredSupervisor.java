package dev.genserver.daemon.plugin;

import dev.genserver.sdk.Restart;
import dev.genserver.sdk.Strategy;
import java.time.Duration;
import java.util.List;

/// A supervisor that the configuration wants. All processes below it must be of one plugin, under
/// whose own supervisor it is started.
///
/// @param name what it is registered under
/// @param intensity how many restarts it allows within `period`
/// @param origin where in the configuration it stands, for errors
public record ConfiguredSupervisor(
    String name,
    Strategy strategy,
    int intensity,
    Duration period,
    Restart restart,
    List<ConfiguredChild> children,
    String origin)
    implements ConfiguredChild {

  public ConfiguredSupervisor {
    children = List.copyOf(children);
  }
}
