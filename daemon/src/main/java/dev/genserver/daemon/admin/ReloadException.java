package dev.genserver.daemon.admin;

import java.util.List;

/// What was to be read again is not in order.
public final class ReloadException extends Exception {

  private final transient List<String> problems;

  public ReloadException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /// All that is wrong, one sentence each.
  public List<String> problems() {
    return problems;
  }
}
