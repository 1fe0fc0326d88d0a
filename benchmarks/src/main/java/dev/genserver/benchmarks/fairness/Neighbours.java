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
/// @param who what their names begin with
/// @param message what each is told, with `%d` for the time until then
record Neighbours(String name, String who, int count, String message) {

  private static final int SLICE_MS = 10;
  private static final int FLOOD = 5_000;

  static List<Neighbours> all() {
    var cores = Runtime.getRuntime().availableProcessors();
    return List.of(
        computing(1),
        computing(4),
        computing(NeighboursPlugin.NEIGHBOURS),
        computing(NeighboursPlugin.NEIGHBOURS).declared(),
        new Neighbours(
            "1 that floods its own mailbox",
            NeighboursPlugin.BUSY,
            1,
            "{\"type\":\"flood\",\"until\":%d,\"messages\":" + FLOOD + "}"),
        neverReturning(1),
        neverReturning(Math.min(cores, NeighboursPlugin.NEIGHBOURS)),
        neverReturning(Math.min(cores, NeighboursPlugin.NEIGHBOURS)).declared());
  }

  private static Neighbours computing(int count) {
    return new Neighbours(
        count + " computing, " + SLICE_MS + " ms a message",
        NeighboursPlugin.BUSY,
        count,
        compute(SLICE_MS));
  }

  /// From their callback, as long as the others are measured.
  private static Neighbours neverReturning(int count) {
    return new Neighbours(
        count + " computing, no end", NeighboursPlugin.BUSY, count, compute(1_000_000));
  }

  /// As many that do the same, and are declared to.
  private Neighbours declared() {
    return new Neighbours(name + ", declared", NeighboursPlugin.DECLARED, count, message);
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
      frames.writeBytes(Frames.cast(who + i, message.formatted(end)));
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
      daemon.ask(who + i, "are_you_done");
    }
  }
}
