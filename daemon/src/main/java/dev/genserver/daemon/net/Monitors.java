package dev.genserver.daemon.net;

import dev.genserver.daemon.request.PeerProcess;
import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import dev.genserver.runtime.Port;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerRef;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The processes whose end a connection wants to be told. For the connection's event loop alone: so
/// no `down` comes before the `ok` of its monitor, and none after that of its `demonitor`.
final class Monitors {

  /// @param name what was asked for; null if that was a pid
  private record Monitor(Port.Monitor on, @Nullable String name) {}

  private final Connection connection;
  private final PeerProcess peer;
  private final int limit;
  private final Map<String, Monitor> open = new HashMap<>();

  Monitors(Connection connection, PeerProcess peer, int limit) {
    this.connection = connection;
    this.peer = peer;
    this.limit = limit;
  }

  /// Begins a monitor and answers.
  void add(ClientMessage.Monitor request) {
    if (open.size() >= limit) {
      connection.send(new ServerMessage.Failure(request.id(), tooMany()));
      return;
    }
    var pid = Pid.parse(request.to());
    var target = pid.<ServerRef>map(asked -> asked).orElseGet(() -> ServerRef.named(request.to()));
    var monitor = new Monitor(peer.port().monitor(target), pid.isEmpty() ? request.to() : null);
    var ref = wireRef(monitor.on().ref());
    open.put(ref, monitor);
    connection.send(new ServerMessage.Ok(request.id(), result(ref, monitor.on().pid())));
  }

  /// Ends a monitor and answers. There may be none, as its `down` may be on the way.
  void remove(ClientMessage.Demonitor request) {
    var monitor = open.remove(request.ref());
    if (monitor != null) {
      peer.port().demonitor(monitor.on().ref());
    }
    connection.send(new ServerMessage.Ok(request.id(), null));
  }

  /// Tells of the end of a process, unless its monitor was taken away.
  void down(MonitorRef ref, Map<String, @Nullable Object> reason) {
    var wireRef = wireRef(ref);
    var monitor = open.remove(wireRef);
    if (monitor != null) {
      connection.send(
          new ServerMessage.Down(wireRef, text(monitor.on().pid()), monitor.name(), reason));
    }
  }

  /// The connection is over, and with it the port that had the monitors.
  void clear() {
    open.clear();
  }

  private WireError tooMany() {
    return WireError.refused(
        ErrorCode.OVERLOADED,
        "this connection has %,d monitors, as many as connection.max-monitors allows; demonitor some or raise it"
            .formatted(limit),
        Map.of("queued", limit, "limit", limit, "oldest_ms", 0));
  }

  private static RawJson result(String ref, @Nullable Pid pid) {
    var out = new JsonWriter(64).beginObject().field("ref").string(ref);
    if (pid != null) {
      out.field("pid").string(pid.toString());
    }
    return out.endObject().toRawJson();
  }

  private static String wireRef(MonitorRef ref) {
    return "m-" + ref.id();
  }

  private static @Nullable String text(@Nullable Pid pid) {
    return pid == null ? null : pid.toString();
  }
}
