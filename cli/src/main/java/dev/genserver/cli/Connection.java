package dev.genserver.cli;

import dev.genserver.protocol.FrameReader;
import dev.genserver.protocol.Framing;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/// A connection to a daemon, by TLS or without. One thread may read from it while another writes.
///
/// @param secure whether by TLS
record Connection(Closeable socket, boolean secure, FrameReader in, OutputStream out)
    implements Closeable {

  /// Connects.
  static Connection open(Access access, Failures failures, Deadline deadline) {
    var socket = new Socket();
    try {
      var host = InetAddress.getByName(access.address().host());
      var address = new InetSocketAddress(host, access.address().port());
      if (access.tls() != null) {
        var name = access.address().hostName();
        var secure = SecureConnection.open(access.tls(), address, name, deadline);
        return new Connection(
            secure,
            true,
            new FrameReader(secure.input(), Framing.MAX_FRAME_CEILING),
            secure.output());
      }
      socket.setTcpNoDelay(true);
      socket.connect(address, deadline.socketTimeout());
      return new Connection(
          socket,
          false,
          new FrameReader(deadline.on(socket), Framing.MAX_FRAME_CEILING),
          socket.getOutputStream());
    } catch (IOException e) {
      close(socket);
      throw failures.unreachable(e);
    }
  }

  @Override
  public void close() {
    close(socket);
  }

  private static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // Nothing is left to be done with it.
    }
  }
}
