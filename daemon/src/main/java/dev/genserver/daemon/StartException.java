package dev.genserver.daemon;

import java.util.List;

/// The daemon does not start.
public final class StartException extends Exception {

  private final transient List<String> problems;

  StartException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /// Why, one sentence each.
  public List<String> problems() {
    return problems;
  }
}
