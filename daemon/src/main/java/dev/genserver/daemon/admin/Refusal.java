package dev.genserver.daemon.admin;

import dev.genserver.daemon.binding.BadMessage;
import dev.genserver.daemon.text.Names;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.WireError;
import dev.genserver.sdk.CallException;
import dev.genserver.sdk.ExitReason;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// A request that is answered with an error instead of a reply. Has no stack trace: it is an
/// answer, not a defect.
final class Refusal extends RuntimeException {

  private final transient WireError error;

  private Refusal(WireError error) {
    super(error.message(), null, false, false);
    this.error = error;
  }

  WireError error() {
    return error;
  }

  /// No process has that name or pid.
  static Refusal noProcess(String process, Collection<String> names) {
    var what = Names.nearest(process, names).isPresent() ? "name" : "name or pid";
    return suggesting(
        ErrorCode.NOPROC, "no process has the %s '%s'".formatted(what, process), process, names);
  }

  /// What is asked for cannot be done so.
  static Refusal bad(String message) {
    return new Refusal(WireError.refused(ErrorCode.BAD_MESSAGE, message));
  }

  /// The same where a name is unknown.
  static Refusal unknown(String message, String name, Collection<String> known) {
    return suggesting(ErrorCode.BAD_MESSAGE, message, name, known);
  }

  /// What is no state of the process.
  static Refusal bad(String process, BadMessage problem) {
    return new Refusal(
        WireError.refused(
            ErrorCode.BAD_MESSAGE,
            "process '%s': %s".formatted(process, problem.message()),
            problem.details()));
  }

  /// The daemon cannot do without that process.
  static Refusal forbidden(String process) {
    return new Refusal(
        WireError.refused(
            ErrorCode.FORBIDDEN,
            "'%s' is the daemon's own, which cannot do without it; it can be looked at only"
                .formatted(process)));
  }

  static Refusal overloaded(String message, int limit) {
    return new Refusal(
        WireError.refused(ErrorCode.OVERLOADED, message, Map.of("queued", limit, "limit", limit)));
  }

  static Refusal unavailable(String message) {
    return new Refusal(WireError.refused(ErrorCode.UNAVAILABLE, message));
  }

  /// A process did not start, or ended before it did what it was asked.
  static Refusal exited(String message, ExitReason reason) {
    return new Refusal(
        new WireError(
            ErrorCode.EXIT,
            message + ": " + reason,
            Executed.MAYBE,
            Map.of("reason", Map.of("kind", "other", "value", reason.toString()))));
  }

  /// A call to the process, on behalf of whoever asked, failed.
  static Refusal of(CallException failed, String process, Duration patience) {
    return switch (failed.reason()) {
      case ExitReason.NoProc _ -> noProcess(process, List.of());
      case ExitReason.Timeout _ -> timeout(process, patience);
      case ExitReason reason -> exited("process '%s' ended".formatted(process), reason);
    };
  }

  /// The process did not do it in time.
  static Refusal timeout(String process, Duration patience) {
    return new Refusal(
        new WireError(
            ErrorCode.TIMEOUT,
            "process '%s' did not come to it within %,d ms; ask why '%s' to see what it is at"
                .formatted(process, patience.toMillis(), process),
            Executed.MAYBE,
            Map.of("phase", "waiting")));
  }

  private static Refusal suggesting(
      ErrorCode code, String message, String name, Collection<String> known) {
    var near = Names.nearest(name, known);
    return new Refusal(
        WireError.refused(
            code,
            message + Names.didYouMean(name, known),
            near.<Map<String, Object>>map(found -> Map.of("did_you_mean", found))
                .orElse(Map.of())));
  }
}
