package dev.genserver.daemon.binding;

import java.util.List;

/// The configuration of a plugin cannot be used.
public final class ConfigurationException extends RuntimeException {

  private final transient List<String> problems;

  ConfigurationException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /// All that is wrong, one sentence each: where, what, how to mend it. None tells a secret.
  public List<String> problems() {
    return problems;
  }
}
