package dev.genserver.daemon.binding;

/// A message is not of the types that the process takes. Carries no stack trace: it is an answer to
/// a client, and may be asked for a million times a second.
public final class BadMessageException extends RuntimeException {

  private final transient BadMessage problem;

  BadMessageException(BadMessage problem) {
    super(problem.message(), null, false, false);
    this.problem = problem;
  }

  /// What is wrong, and what would be right.
  public BadMessage problem() {
    return problem;
  }
}
