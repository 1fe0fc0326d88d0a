package dev.genserver.benchmarks.fairness;

import dev.genserver.benchmarks.BenchedDaemon;
import dev.genserver.benchmarks.wire.Frames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Processes that keep busy while another one is called.
///
/// @param message what each is told, with `%d` for the time until then
record Neighbours(String name, int count, String message) {

  private static final int SLICE_MS = 10;
  private static final int FLOOD = 5_000;

  static List<Neighbours> all() {
    var cores = Runtime.getRuntime().availableProcessors();
    return List.of(
        computing(1),
        computing(4),
        computing(NeighboursPlugin.NEIGHBOURS),
        new Neighbours(
            "1 that floods its own mailbox",
            1,
            "{\"type\":\"flood\",\"until\":%d,\"messages\":" + FLOOD + "}"),
        neverReturning(1),
        neverReturning(Math.min(cores, NeighboursPlugin.NEIGHBOURS)));
  }

  private static Neighbours computing(int count) {
    return new Neighbours(
        count + " computing, " + SLICE_MS + " ms a message", count, compute(SLICE_MS));
  }

  /// From their callback, as long as the others are measured.
  private static Neighbours neverReturning(int count) {
    return new Neighbours(count + " computing, no end", count, compute(1_000_000));
  }

  private static String compute(int ms) {
    return "{\"type\":\"compute\",\"until\":%d,\"ms\":" + ms + "}";
  }

  /// All at once: once some of them are busy, the next would begin late.
  ///
  /// @param end in milliseconds since 1970
  void begin(BenchedDaemon daemon, long end) throws IOException {
    var frames = new ByteArrayOutputStream();
    for (var i = 0; i < count; i++) {
      frames.writeBytes(Frames.cast("busy-" + i, message.formatted(end)));
    }
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), daemon.process().port())) {
      frames.writeTo(socket.getOutputStream());
      socket.shutdownOutput();
      socket.getInputStream().readAllBytes(); // until the daemon has read all
    }
  }

  void awaitEnd(BenchedDaemon daemon, long end) throws IOException {
    for (long left; (left = end - System.currentTimeMillis()) > 0; ) {
      LockSupport.parkNanos(left * 1_000_000);
    }
    for (var i = 0; i < count; i++) {
      daemon.ask("busy-" + i, "are_you_done");
    }
  }
}
