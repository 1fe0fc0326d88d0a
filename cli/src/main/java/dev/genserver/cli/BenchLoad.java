package dev.genserver.cli;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.RequestId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What `genserver bench` sends.
///
/// @param cast whether it sends casts, not calls
/// @param confirm whether casts have an id
/// @param connections how many
/// @param concurrency how many requests may be under way on all of them
/// @param rate how many requests to send a second on all of them; 0 for as many as go
/// @param warmupMillis how long to send before anything counts
/// @param millis how long to send what counts
/// @param timeoutMillis of calls
record BenchLoad(
    String to,
    RawJson msg,
    boolean cast,
    boolean confirm,
    int connections,
    int concurrency,
    long rate,
    long warmupMillis,
    long millis,
    long timeoutMillis) {

  /// Whether nothing tells what becomes of a request.
  boolean isSilent() {
    return cast && !confirm;
  }

  /// How many requests a connection may have under way.
  int slots() {
    return Math.ceilDiv(concurrency, connections);
  }

  /// Between two requests of a connection, in nanoseconds; 0 for none.
  long interval() {
    return rate == 0 ? 0 : Math.max(1, connections * 1_000_000_000L / rate);
  }

  ClientMessage request(@Nullable RequestId id) {
    return cast || id == null
        ? new ClientMessage.Cast(id, to, msg, Map.of(), null)
        : new ClientMessage.Call(id, to, msg, timeoutMillis, Map.of(), null);
  }

  /// `calls`, or `casts`.
  String what() {
    return cast ? "casts" : "calls";
  }
}
