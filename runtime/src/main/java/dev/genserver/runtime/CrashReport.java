package dev.genserver.runtime;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is logged when a server ends in an unexpected way: one event with OTP's fields.
final class CrashReport {

  private static final System.Logger LOG = System.getLogger(CrashReport.class.getName());

  private CrashReport() {}

  static void log(
      ServerProcess process,
      GenServer<Object, ?, ?> server,
      ExitReason reason,
      @Nullable Envelope last,
      Object state) {
    var text =
        "process crashed name=%s pid=%s server=%s reason=%s message=%s state=%s client=%s"
            .formatted(
                process.name().map(Object::toString).orElse("-"),
                process.pid(),
                server.getClass().getName(),
                shown(() -> reason),
                shown(() -> message(server, last)),
                shown(() -> server.formatStatus(state)),
                client(last));
    if (reason instanceof ExitReason.Failure(Throwable exception)) {
      LOG.log(Level.ERROR, text, exception);
    } else {
      LOG.log(Level.ERROR, text);
    }
  }

  /// The text of something that is the plugin's and may fail at being shown.
  private static String shown(Supplier<@Nullable Object> value) {
    try {
      return String.valueOf(value.get());
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      return "? (cannot be shown: " + e.getClass().getName() + ")";
    }
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

  private static String client(@Nullable Envelope last) {
    return last instanceof Call call ? call.caller().map(Object::toString).orElse("outside") : "-";
  }
}
