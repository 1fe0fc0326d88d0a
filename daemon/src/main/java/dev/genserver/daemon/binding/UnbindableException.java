package dev.genserver.daemon.binding;

import java.util.List;

/// A server's message types cannot be bound to JSON.
public final class UnbindableException extends RuntimeException {

  private final transient List<String> problems;

  UnbindableException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /// One sentence for each problem.
  public List<String> problems() {
    return problems;
  }
}
