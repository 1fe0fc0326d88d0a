package dev.genserver.tests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// No daemon: answers whoever has sent a line with the same text, whatever the line was.
final class LineServer implements AutoCloseable {

  private final ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  private final CountDownLatch closed = new CountDownLatch(1);
  private final @Nullable String answer;

  private LineServer(@Nullable String answer) throws IOException {
    this.answer = answer;
    Thread.ofVirtual().name("line server").start(this::accept);
  }

  /// One that hangs up after its answer.
  static LineServer thatSays(String answer) throws IOException {
    return new LineServer(answer);
  }

  /// One that neither answers nor hangs up.
  static LineServer thatIsSilent() throws IOException {
    return new LineServer(null);
  }

  String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException _) {
        // The test is over.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      if (answer == null) {
        closed.await();
        return;
      }
      var in = socket.getInputStream();
      for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
        // up to the end of the line
      }
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
      socket.shutdownOutput();
      in.readAllBytes();
    } catch (IOException _) {
      // The other side has gone.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    listener.close();
  }
}
