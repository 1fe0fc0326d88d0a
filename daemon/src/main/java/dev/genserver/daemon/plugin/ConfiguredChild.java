package dev.genserver.daemon.plugin;

/// What the configuration wants started: a process, or a supervisor with more of both.
public sealed interface ConfiguredChild permits ConfiguredProcess, ConfiguredSupervisor {

  /// What it is registered under.
  String name();

  /// Where in the configuration it stands, for errors.
  String origin();
}
