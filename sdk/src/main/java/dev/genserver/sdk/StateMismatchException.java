package dev.genserver.sdk;

import java.util.List;

/// A state cannot become one of another version of its code.
public final class StateMismatchException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  /// @param message what does not fit, where, and how to go on
  public StateMismatchException(String message) {
    super(message);
  }

  /// @param problems a sentence each, at least one
  public StateMismatchException(List<String> problems) {
    super(String.join("; ", problems));
  }
}
