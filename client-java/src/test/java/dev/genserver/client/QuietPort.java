package dev.genserver.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// A port that is kept from others, and on which nobody listens until the test does.
final class QuietPort implements AutoCloseable {

  private final Socket keeper = new Socket();

  QuietPort() throws IOException {
    keeper.setReuseAddress(true); // so that the listener may have it, too
    keeper.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  String address() {
    return "127.0.0.1:" + keeper.getLocalPort();
  }

  ServerSocket listen() throws IOException {
    return new ServerSocket(keeper.getLocalPort(), 1, InetAddress.getLoopbackAddress());
  }

  @Override
  public void close() throws IOException {
    keeper.close();
  }
}
