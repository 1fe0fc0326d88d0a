package dev.genserver.daemon.plugin;

import java.util.List;

/// A plugin is not loaded.
public final class PluginRefusedException extends RuntimeException {

  private final transient List<String> reasons;

  PluginRefusedException(String reason) {
    this(List.of(reason));
  }

  PluginRefusedException(List<String> reasons) {
    super(String.join("; ", reasons));
    this.reasons = List.copyOf(reasons);
  }

  /// All that is wrong with it, a sentence each.
  public List<String> reasons() {
    return reasons;
  }
}
