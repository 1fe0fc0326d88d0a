package dev.genserver.daemon.config;

import dev.genserver.sdk.Restart;

/// Something to start and to supervise: a process, or a supervisor with more of both.
public sealed interface ChildConfig permits ProcessConfig, SupervisorConfig {

  /// What it is registered under.
  String name();

  Restart restart();

  /// Where it stands: `genserverd.yaml:31`.
  String origin();
}
