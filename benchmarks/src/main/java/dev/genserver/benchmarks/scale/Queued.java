package dev.genserver.benchmarks.scale;

import dev.genserver.benchmarks.BenchedDaemon;
import dev.genserver.benchmarks.BenchedDaemon.PluginSource;
import dev.genserver.benchmarks.wire.Frames;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/// Requests that wait in the mailbox of a suspended process of a daemon.
final class Queued {

  static final String RATE = "queued/s";

  private static final List<String> HEAP = List.of("-Xmx512m");
  private static final String COUNTER = "{\"type\":\"%s\",\"process\":\"counter\"}";
  private static final String MESSAGE = "{\"type\":\"add\",\"by\":1}";
  private static final int CONNECTIONS = 100;
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int MOST_LOOKS = 300;

  private final BenchedDaemon daemon;
  private final int count;

  private Queued(BenchedDaemon daemon, int count) {
    this.daemon = daemon;
    this.count = count;
  }

  /// @param root where the project is
  /// @param count how many wait, below what a mailbox takes
  static List<Row> measure(Path root, int count) throws IOException {
    var plugins = PluginSource.examples(root, "counter");
    try (var daemon = new BenchedDaemon(BenchedDaemon.jar(root), plugins, Map.of(), HEAP)) {
      var queued = new Queued(daemon, count);
      IntFunction<byte[]> call = id -> Frames.call(id, "counter", MESSAGE);
      IntFunction<byte[]> cast = _ -> Frames.cast("counter", MESSAGE);
      var _ = queued.row("calls", call); // warms up
      return List.of(queued.row("calls", call), queued.row("casts", cast));
    }
  }

  private Row row(String what, IntFunction<byte[]> request) throws IOException {
    var sockets = new ArrayList<Socket>(CONNECTIONS);
    try {
      while (sockets.size() < CONNECTIONS) {
        sockets.add(new Socket(InetAddress.getLoopbackAddress(), daemon.process().port()));
      }
      daemon.call("sys.processes", COUNTER.formatted("suspend"));
      daemon.process().collectGarbage();
      var before = daemon.heapUsed();
      var begun = System.nanoTime();
      for (var i = 0; i < count; i++) {
        sockets.get(i % CONNECTIONS).getOutputStream().write(request.apply(i));
      }
      awaitQueued(count);
      var rate = Rate.since(begun, count);
      daemon.process().collectGarbage();
      var each = (double) (daemon.heapUsed() - before) / count;
      return Row.of("%,d %s".formatted(count, what))
          .with("message bytes", MESSAGE.length())
          .with(RATE, rate)
          .with("daemon heap bytes each", each);
    } finally {
      for (var socket : sockets) {
        socket.close();
      }
      daemon.call("sys.processes", COUNTER.formatted("resume"));
      awaitQueued(0);
    }
  }

  private void awaitQueued(int expected) throws IOException {
    for (var i = 0; i < MOST_LOOKS; i++) {
      var info = daemon.call("sys.processes", COUNTER.formatted("info"));
      if (info.contains("\"queued\":%d,".formatted(expected))) {
        return;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    throw new IOException("there are not %,d requests in the mailbox".formatted(expected));
  }
}
