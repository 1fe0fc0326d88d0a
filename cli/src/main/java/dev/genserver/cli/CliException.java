package dev.genserver.cli;

import org.jspecify.annotations.Nullable;

/// A command that did not do what it was asked to. Its message is the one line that the user reads.
final class CliException extends RuntimeException {

  /// The command line was not understood; EX_USAGE.
  static final int USAGE = 64;

  /// A file that was named cannot be used; EX_NOINPUT.
  static final int NO_INPUT = 66;

  /// A plugin's new version did not pass its probation; EX_SOFTWARE.
  static final int NOT_PASSED = 70;

  /// A file that was to be written cannot be; EX_CANTCREAT.
  static final int CANNOT_CREATE = 73;

  /// A stream of the shell could not be read or written; EX_IOERR.
  static final int IO = 74;

  /// The other side does not speak the protocol; EX_PROTOCOL.
  static final int PROTOCOL = 76;

  private final int exitCode;

  CliException(int exitCode, String message) {
    this(exitCode, message, null);
  }

  CliException(int exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  static CliException usage(String message) {
    return new CliException(USAGE, message);
  }

  int exitCode() {
    return exitCode;
  }
}
