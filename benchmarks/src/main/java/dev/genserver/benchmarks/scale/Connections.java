package dev.genserver.benchmarks.scale;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.genserver.benchmarks.BenchedDaemon;
import dev.genserver.benchmarks.BenchedDaemon.PluginSource;
import dev.genserver.benchmarks.CpuMeter;
import dev.genserver.benchmarks.wire.Frames;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Connections to a daemon that all stay open. Each calls the counter once, all before the first
/// answer is read.
final class Connections {

  static final String ANSWERED = "all answered within ms";

  private static final List<String> HEAP = List.of("-Xmx512m");

  /// Beyond those that are measured: jars, and what the daemon is asked over.
  private static final int SPARE_FILES = 500;

  private static final Map<String, String> SETTINGS =
      Map.of(
          "GENSERVERD_CONNECTION_MAX", "60000",
          "GENSERVERD_CONNECTION_MAX_PER_ADDRESS", "60000",
          "GENSERVERD_CONNECTION_ACCEPT_RATE", "60000",
          "GENSERVERD_CONNECTION_IDLE_TIMEOUT", "10m");

  private Connections() {}

  /// @param root where the project is
  static List<Row> measure(Path root, int wanted) throws IOException {
    var count = (int) Math.min(wanted, files() - SPARE_FILES);
    if (count < wanted) {
      System.err.printf(
          "only %,d connections instead of %,d: this shell lets a program have %,d open files;"
              + " allow %,d with 'ulimit -n' to measure all%n",
          count, wanted, files(), wanted + SPARE_FILES);
    }
    var jar = BenchedDaemon.jar(root);
    var plugins = PluginSource.examples(root, "counter");
    try (var daemon = new BenchedDaemon(jar, plugins, SETTINGS, HEAP)) {
      var _ = measure(daemon, Math.max(1, count / 10)); // warms up
      return List.of(measure(daemon, count));
    }
  }

  private static Row measure(BenchedDaemon daemon, int count) throws IOException {
    var sockets = new ArrayList<Socket>(count);
    try {
      daemon.process().collectGarbage();
      var heap = daemon.heapUsed();
      var resident = daemon.process().residentMiB();
      var cpu = CpuMeter.start(daemon.process());
      var begun = System.nanoTime();
      while (sockets.size() < count) {
        sockets.add(new Socket(InetAddress.getLoopbackAddress(), daemon.process().port()));
      }
      var opened = Rate.secondsSince(begun);
      var called = System.nanoTime();
      call(sockets);
      var answered = Rate.secondsSince(called);
      var used = cpu.stop();
      daemon.process().collectGarbage();
      return Row.of("%,d connections".formatted(count))
          .with("open within ms", opened * 1e3)
          .with(ANSWERED, answered * 1e3)
          .with("daemon CPU µs each", used.server() * 1e6 / count)
          .with("daemon heap bytes each", (double) (daemon.heapUsed() - heap) / count)
          .with(
              "daemon resident bytes each",
              (double) ((daemon.process().residentMiB() - resident) << 20) / count)
          .with("others %", used.others() * 100);
    } finally {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }

  private static void call(List<Socket> sockets) throws IOException {
    var call = Frames.call(1, "counter", "{\"type\":\"add\",\"by\":1}");
    for (var socket : sockets) {
      socket.getOutputStream().write(call);
    }
    for (var socket : sockets) {
      var in = new DataInputStream(socket.getInputStream());
      var answer = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
      if (!answer.contains("\"result\"")) {
        throw new IOException("a call was not answered but: " + answer);
      }
    }
  }

  /// How many files a program may have open; the daemon that this one starts has the same limit.
  private static long files() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? system.getMaxFileDescriptorCount()
        : Integer.MAX_VALUE;
  }
}
