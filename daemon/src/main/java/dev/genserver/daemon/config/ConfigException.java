package dev.genserver.daemon.config;

import java.util.List;

/// The configuration cannot be used.
public final class ConfigException extends RuntimeException {

  private final transient List<String> problems;

  ConfigException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /// All that is wrong, one sentence each: the key, where it was said, how to mend it.
  public List<String> problems() {
    return problems;
  }
}
