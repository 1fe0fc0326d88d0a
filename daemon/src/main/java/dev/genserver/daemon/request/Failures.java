package dev.genserver.daemon.request;

import dev.genserver.daemon.binding.BadMessage;
import dev.genserver.daemon.binding.BadMessageException;
import dev.genserver.daemon.text.Names;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.WireError;
import dev.genserver.runtime.Outcome;
import dev.genserver.runtime.Phase;
import dev.genserver.runtime.Recipient;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is said of requests that failed: what happened, whether the process saw the request, and
/// how to go on. Thread-safe.
public final class Failures {

  private static final System.Logger LOG = System.getLogger(Failures.class.getName());

  /// How much of an exit reason's text is told.
  private static final int MAX_TEXT = 4096;

  private Failures() {}

  /// Why a call failed.
  static WireError of(OutsideCall call, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Exited(Pid pid, ExitReason reason, Phase phase) ->
          new WireError(
              ErrorCode.EXIT,
              "process '%s' ended before it answered: %s".formatted(call.to(), shown(reason)),
              executed(phase),
              Map.of("reason", describe(reason), "pid", pid.toString()));
      case Outcome.Undecodable(RuntimeException cause) -> undecodable(call, cause);
      case Outcome.Expired(Phase phase) -> expired(call, phase);
      case Outcome.Cancelled(Phase phase) ->
          new WireError(
              ErrorCode.CANCELLED,
              "the call to '%s' was cancelled by its caller".formatted(call.to()),
              executed(phase),
              Map.of("phase", name(phase)));
      case Outcome.Replied(Object value) ->
          throw new IllegalArgumentException("a reply is no error: " + value);
    };
  }

  private static WireError expired(OutsideCall call, Phase phase) {
    if (phase == Phase.QUEUED && call.recipient().isSuspended()) {
      return suspended(call);
    }
    var text =
        switch (phase) {
          case QUEUED ->
              "process '%s' did not come to it in time; it was not started and can be repeated";
          case RUNNING -> "process '%s' was still at work on it when its time was up";
          case WAITING -> "process '%s' has taken it but had not replied yet when its time was up";
        };
    return new WireError(
        ErrorCode.TIMEOUT,
        text.formatted(call.to()),
        executed(phase),
        Map.of(
            "phase",
            name(phase),
            "queued",
            call.recipient().queued(),
            "running_ms",
            call.running().toMillis()));
  }

  private static WireError suspended(OutsideCall call) {
    return WireError.refused(
        ErrorCode.UNAVAILABLE,
        "process '%s' is suspended, and was not resumed before the call's time was up; it was not started and can be repeated"
            .formatted(call.to()),
        Map.of("phase", name(Phase.QUEUED), "queued", call.recipient().queued()));
  }

  private static WireError undecodable(OutsideCall call, RuntimeException cause) {
    return cause instanceof BadMessageException bad
        ? badMessage(call.to(), bad.problem())
        : internal("message to '" + call.to() + "'", Executed.NO, cause);
  }

  /// The message is not one that the process takes.
  public static WireError badMessage(String to, BadMessage problem) {
    return new WireError(
        ErrorCode.BAD_MESSAGE,
        "process '%s': %s".formatted(to, problem.message()),
        Executed.NO,
        problem.details());
  }

  /// The reply is longer than may be sent.
  public static WireError tooLarge(OutsideCall call, int maxFrame) {
    return new WireError(
        ErrorCode.RESULT_TOO_LARGE,
        "the reply of '%s' exceeds frame.max-bytes %,d; ask for less, or raise the limit"
            .formatted(call.to(), maxFrame),
        Executed.YES,
        Map.of("limit", maxFrame));
  }

  /// What should not happen; the log has the whole of it under the incident's id.
  public static WireError internal(String what, Executed executed, Throwable cause) {
    var incident = UUID.randomUUID().toString();
    LOG.log(Level.ERROR, what + " failed incident=" + incident, cause);
    return new WireError(
        ErrorCode.INTERNAL,
        "%s failed: %s; incident %s is in the daemon's log"
            .formatted(what, cause.getMessage(), incident),
        executed,
        Map.of("incident", incident));
  }

  /// No process has that name or pid.
  public static WireError noProcess(String to, List<String> names) {
    var near = Names.nearest(to, names);
    var text =
        near.map(name -> "no process has the name '%s'; did you mean '%s'?".formatted(to, name))
            .orElseGet(() -> "no process has the name or pid '%s'".formatted(to));
    return WireError.refused(
        ErrorCode.NOPROC,
        text,
        near.<Map<String, Object>>map(name -> Map.of("did_you_mean", name)).orElse(Map.of()));
  }

  /// No more messages are taken for now.
  public static WireError mailboxFull(String to, Recipient recipient) {
    return WireError.refused(
        ErrorCode.OVERLOADED,
        "the mailbox of '%s' is full: %,d messages wait, %,d may; try again later"
            .formatted(to, recipient.queued(), recipient.maxQueue()),
        Map.of(
            "queued",
            recipient.queued(),
            "limit",
            recipient.maxQueue(),
            "oldest_ms",
            recipient.oldest().toMillis()));
  }

  /// An exit reason as it stands on the wire.
  public static Map<String, @Nullable Object> describe(ExitReason reason) {
    return switch (reason) {
      case ExitReason.Normal() -> Map.of("kind", "normal");
      case ExitReason.Shutdown(var detail) -> kind("shutdown", detail);
      case ExitReason.Killed() -> Map.of("kind", "killed");
      case ExitReason.NoProc() -> Map.of("kind", "noproc");
      case ExitReason.Failure(Throwable exception) -> error(exception);
      case ExitReason.Kill _,
          ExitReason.Timeout _,
          ExitReason.CallingSelf _,
          ExitReason.CallCycle _,
          ExitReason.NoConnection _,
          ExitReason.NodeDown _,
          ExitReason.BadReturnValue _,
          ExitReason.Other _ ->
          kind("other", reason);
    };
  }

  private static Map<String, @Nullable Object> error(Throwable exception) {
    var error = new LinkedHashMap<String, @Nullable Object>();
    error.put("kind", "error");
    var message = text(exception::getMessage);
    if (message != null) {
      error.put("message", message);
    }
    error.put("class", exception.getClass().getName());
    return error;
  }

  private static Map<String, @Nullable Object> kind(String kind, @Nullable Object value) {
    return value == null ? Map.of("kind", kind) : Map.of("kind", kind, "value", shown(value));
  }

  /// The text of something that may be the plugin's.
  public static String shown(Object value) {
    return String.valueOf(text(value::toString));
  }

  /// Never fails, whatever code of the plugin does, and is never so long that it fills a frame.
  private static @Nullable String text(Supplier<@Nullable String> value) {
    try {
      var text = value.get();
      if (text == null || text.length() <= MAX_TEXT) {
        return text;
      }
      var end = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
      return text.substring(0, end) + '…';
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      return "? (cannot be shown: " + e.getClass().getName() + ")";
    }
  }

  private static Executed executed(Phase phase) {
    return phase == Phase.QUEUED ? Executed.NO : Executed.MAYBE;
  }

  private static String name(Phase phase) {
    return switch (phase) {
      case QUEUED -> "queued";
      case RUNNING -> "running";
      case WAITING -> "waiting";
    };
  }
}
