package dev.genserver.runtime;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// What is logged when a server ends in an unexpected way: one event with OTP's fields.
final class CrashReport {

  private static final System.Logger LOG = System.getLogger(CrashReport.class.getName());

  private CrashReport() {}

  static Crash log(
      ServerProcess process,
      GenServer<Object, ?, ?> server,
      ExitReason reason,
      @Nullable Envelope last,
      Object state) {
    var message = Shown.text(() -> message(server, last));
    var shownState = Shown.text(() -> server.formatStatus(state));
    var trace = trace(last == null ? null : last.traceContext());
    var text =
        "process crashed name=%s pid=%s server=%s reason=%s message=%s state=%s client=%s trace=%s"
            .formatted(
                process.name().map(Object::toString).orElse("-"),
                process.pid(),
                server.getClass().getName(),
                Shown.text(() -> reason),
                message,
                shownState,
                client(last),
                trace);
    if (reason instanceof ExitReason.Failure(Throwable exception)) {
      LOG.log(Level.ERROR, text, exception);
    } else {
      LOG.log(Level.ERROR, text);
    }
    return Crash.of(process.pid(), reason, message, shownState, process.traceContext());
  }

  private static Object message(GenServer<?, ?, ?> server, @Nullable Envelope last) {
    return switch (last) {
      case Call call -> call.request(server);
      case Envelope.Outside outside -> outside.cast().decode(server);
      case Envelope.Cast cast -> cast.message();
      case Envelope.Notice notice -> notice.message();
      case Envelope.IdleTimeout _ -> new InfoMessage.Timeout();
      case Envelope.Stop stop -> "stop " + stop.reason();
      case Envelope.Start _ -> "init";
      case null -> "-";
    };
  }

  /// The id of a trace, as it stands in the log.
  static String trace(@Nullable TraceContext trace) {
    return trace == null ? "-" : trace.traceId();
  }

  private static String client(@Nullable Envelope last) {
    return switch (last) {
      case LocalCall call -> call.caller().map(Object::toString).orElse("outside");
      case ExternalCall _ -> "outside"; // to ask for its pid would make one
      case null, default -> "-";
    };
  }
}
