package dev.genserver.protocol;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Every error of the protocol. A code's name never changes; texts may.
public enum ErrorCode {
  /// The length of a frame makes no sense, or the stream ended within a frame.
  BAD_FRAME(65, true),
  /// A frame is longer than the limit.
  FRAME_TOO_LARGE(65, true),
  /// The envelope was not understood.
  BAD_REQUEST(65, false),
  /// There is no such `op`.
  UNKNOWN_OP(65, false),
  /// The process's message type refused the message.
  BAD_MESSAGE(65, false),
  /// The reply would be longer than a frame may be.
  RESULT_TOO_LARGE(65, false),
  /// Client and daemon have no version in common.
  UNSUPPORTED_VERSION(76, true),
  /// The daemon does not know who the client is.
  UNAUTHENTICATED(77, true),
  /// The client may not do that.
  FORBIDDEN(77, false),
  /// No process has that name or pid.
  NOPROC(68, false),
  /// A mailbox, or the connection's share of open calls, is full.
  OVERLOADED(75, false),
  /// The daemon is ending, or the process is suspended for too long.
  UNAVAILABLE(69, false),
  /// The time was up before there was a reply.
  TIMEOUT(124, false),
  /// The caller gave up.
  CANCELLED(130, false),
  /// The process ended before it answered.
  EXIT(70, false),
  /// A defect of the daemon.
  INTERNAL(70, false),
  /// Answers pile up because the client does not read them.
  SLOW_CONSUMER(75, true),
  /// A code that a newer daemon sent and this side does not know; the message begins with its name.
  /// Never sent.
  UNRECOGNISED(70, false);

  private static final Map<String, ErrorCode> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(ErrorCode::wireName, Function.identity()));

  private final String wireName;
  private final int exitCode;
  private final boolean fatal;

  ErrorCode(int exitCode, boolean fatal) {
    this.wireName = name().toLowerCase(Locale.ROOT);
    this.exitCode = exitCode;
    this.fatal = fatal;
  }

  /// The code as it stands on the wire, such as `noproc`.
  public String wireName() {
    return wireName;
  }

  /// What the command line exits with.
  public int exitCode() {
    return exitCode;
  }

  /// Whether the connection is closed after this error.
  public boolean isFatal() {
    return fatal;
  }

  /// The code that is called so on the wire; [#UNRECOGNISED] if there is none.
  public static ErrorCode of(String wireName) {
    return BY_NAME.getOrDefault(wireName, UNRECOGNISED);
  }

  @Override
  public String toString() {
    return wireName;
  }
}
