package dev.genserver.conformance;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/// Where a daemon listens.
record Address(String host, int port) {

  /// Reads `host:port`.
  ///
  /// @throws IllegalArgumentException if it is not that
  static Address parse(String text) {
    var colon = text.lastIndexOf(':');
    try {
      return new Address(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "address '%s' must be host:port, such as 127.0.0.1:6470".formatted(text), e);
    }
  }

  /// Opens a connection whose writes leave at once.
  ///
  /// @param receiveBuffer its size in bytes; 0 for the system's choice
  Socket connect(int receiveBuffer) throws IOException {
    var socket = new Socket();
    try {
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(host, port), Peer.PATIENCE_MS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
