package dev.genserver.fuzz;

import dev.genserver.fuzz.Plan.End;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/// Carries out one plan.
final class Exchange {

  private static final int PATIENCE_MS = 20_000;

  private Exchange() {}

  /// Sends the plan's bytes in pieces that the seed tells, and holds the answers against it.
  ///
  /// @throws AssertionError if they are others
  static void run(Plan plan, InetSocketAddress daemon, long seed) throws IOException {
    var answers = new Answers(plan);
    try (var socket = new Socket()) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MS);
      socket.connect(daemon, PATIENCE_MS);
      var sent = new CompletableFuture<Void>();
      Thread.ofVirtual().start(() -> send(plan, socket, new SplittableRandom(seed), sent));
      try {
        answers.readAll(new BufferedInputStream(socket.getInputStream(), 1 << 16));
      } catch (IOException e) {
        if (plan.end() != End.RESET) {
          throw new AssertionError("the connection should end in order: " + e, e);
        }
      }
      sent.join();
    }
    answers.demandAll();
  }

  private static void send(
      Plan plan, Socket socket, SplittableRandom random, CompletableFuture<Void> sent) {
    try {
      var out = socket.getOutputStream();
      var size = plan.bytes().size();
      var largest = random.nextInt(10) == 0 ? 40 : 1 << (8 + random.nextInt(9));
      for (var at = 0; at < size; ) {
        var length = Math.min(size - at, 1 + random.nextInt(largest));
        out.write(plan.bytes().array(), at, length);
        at += length;
      }
      if (plan.end() == End.RESET) {
        socket.setSoLinger(true, 0);
        socket.close();
      } else {
        socket.shutdownOutput();
      }
    } catch (IOException _) {
      // The daemon has closed before all was sent; whether it may have, the answers tell.
    } finally {
      sent.complete(null);
    }
  }
}
