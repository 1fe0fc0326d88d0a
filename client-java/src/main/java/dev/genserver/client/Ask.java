package dev.genserver.client;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.RequestId;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What is asked, perhaps in several attempts.
///
/// @param to a name or a pid; empty for a ping
/// @param onResult as in [Request]
record Ask(
    ClientListener.Op op, String to, Message message, BiConsumer<Connection, RawJson> onResult) {

  /// What goes over the wire.
  interface Message {

    /// The message.
    ///
    /// @param millis the time that is left for it
    ClientMessage of(RequestId id, long millis, @Nullable String trace);
  }

  static final Ask PING =
      new Ask(
          ClientListener.Op.PING,
          "",
          (id, millis, trace) -> new ClientMessage.Ping(id),
          Ask::ignore);

  static Ask call(String to, RawJson msg) {
    return new Ask(
        ClientListener.Op.CALL,
        to,
        (id, millis, trace) -> new ClientMessage.Call(id, to, msg, millis, Map.of(), trace),
        Ask::ignore);
  }

  static Ask confirmedCast(String to, RawJson msg) {
    return new Ask(
        ClientListener.Op.CONFIRMED_CAST,
        to,
        (id, millis, trace) -> new ClientMessage.Cast(id, to, msg, Map.of(), trace),
        Ask::ignore);
  }

  static Ask monitor(String to, Monitor monitor) {
    return new Ask(
        ClientListener.Op.MONITOR,
        to,
        (id, millis, trace) -> new ClientMessage.Monitor(id, to),
        monitor::begun);
  }

  private static void ignore(Connection connection, RawJson result) {
    // Whoever asked sees it at the end.
  }

  /// What it is called in an error.
  String what() {
    return switch (op) {
      case CALL -> "call to '" + to + "'";
      case CAST, CONFIRMED_CAST -> "cast to '" + to + "'";
      case MONITOR -> "monitor of '" + to + "'";
      case PING -> "ping";
    };
  }
}
