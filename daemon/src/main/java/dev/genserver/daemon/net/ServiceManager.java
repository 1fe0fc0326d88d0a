package dev.genserver.daemon.net;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What has started the daemon and wants to know how it is: systemd, for a unit of type `notify`.
/// Elsewhere it is told nothing. Thread-safe.
///
/// It is told by datagrams to a socket of the file system, or of Linux's abstract names, which the
/// JDK has no API for; see `sd_notify(3)`. What cannot be said is logged, and changes nothing else.
public final class ServiceManager {

  private static final System.Logger LOG = System.getLogger(ServiceManager.class.getName());

  private static final String VARIABLE = "NOTIFY_SOCKET";

  private final @Nullable String socket;

  private ServiceManager(@Nullable String socket) {
    this.socket = socket;
  }

  /// The one that the environment names, if any.
  public static ServiceManager of(Map<String, String> environment) {
    var socket = environment.get(VARIABLE);
    return new ServiceManager(socket == null || socket.isEmpty() ? null : socket);
  }

  /// The daemon serves.
  ///
  /// @param status one line for people
  public void ready(String status) {
    tell("READY=1\nSTATUS=" + status);
  }

  /// The daemon reads its files again, until it is [#ready] again.
  public void reloading() {
    // The time says of which reload the next ready is the end; this is the clock that systemd
    // reads.
    tell("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
  }

  /// The daemon has begun to end.
  public void stopping() {
    tell("STOPPING=1\nSTATUS=finishing what was read");
  }

  private void tell(String message) {
    if (socket == null) {
      return;
    }
    try {
      send(socket, message);
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "service manager is not told message={0} socket={1} reason={2}",
          message.lines().findFirst().orElseThrow(),
          socket,
          e.getMessage());
    }
  }

  private static void send(String socket, String message) throws IOException {
    if (!Epoll.isAvailable()) {
      throw new IOException(
          "Netty's native transport is not available: " + Epoll.unavailabilityCause());
    }
    // An abstract name begins with a NUL, for which the variable has an @.
    var path =
        (socket.startsWith("@") ? "\0" + socket.substring(1) : socket)
            .getBytes(StandardCharsets.UTF_8);
    var bytes = message.getBytes(StandardCharsets.UTF_8);
    var buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes);
    var datagrams = Socket.newSocketDomainDgram();
    try {
      datagrams.sendToDomainSocket(buffer, 0, bytes.length, path);
    } finally {
      datagrams.close();
    }
  }
}
