package dev.genserver.benchmarks.scale;

import dev.genserver.benchmarks.CpuMeter;
import dev.genserver.daemon.log.LogLevel;
import dev.genserver.daemon.log.Logging;
import dev.genserver.runtime.Node;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.DynamicSupervisorSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Kills all children of one dynamic supervisor at once, and waits until all are there again.
///
/// Each restart is an event for the log. They are measured without, and with a log as the daemon
/// writes it whose lines go nowhere.
final class Restarts {

  static final String RATE = "restarts/s";

  private static final Optional<String> RUNTIME = Optional.of("dev.genserver.runtime");
  private static final Duration PERIOD = Duration.ofHours(1);
  private static final int LIMIT_SECONDS = 100;

  private Restarts() {}

  static List<Row> measure(List<Integer> counts) throws IOException, InterruptedException {
    var rows = new ArrayList<Row>();
    var stderr = System.err;
    try (var nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      System.setErr(nowhere);
      for (var level : List.of(LogLevel.OFF, LogLevel.INFO)) {
        Logging.set(RUNTIME, level);
        var _ = measure(level, counts.get(counts.size() / 2)); // warms up
        for (var count : counts) {
          rows.add(measure(level, count));
        }
      }
    } finally {
      System.setErr(stderr);
    }
    return rows;
  }

  private static Row measure(LogLevel level, int count) throws IOException, InterruptedException {
    try (var node = Node.create()) {
      var spec = DynamicSupervisorSpec.create().intensity(Integer.MAX_VALUE, PERIOD);
      var supervisor = node.dynamicSupervisor(node.start(spec, StartOptions.none()).pidOrThrow());
      var starts = new CountDownLatch(2 * count);
      var child = ChildSpec.worker("child", () -> new Restarted(starts), StartOptions.none());
      var pids = new Pid[count];
      for (var i = 0; i < count; i++) {
        pids[i] = supervisor.startChild(child).pidOrThrow();
      }
      var cpu = CpuMeter.start();
      var begun = System.nanoTime();
      for (var pid : pids) {
        node.exit(pid, ExitReason.KILL);
      }
      var killed = Rate.secondsSince(begun);
      if (!starts.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("%,d are not restarted".formatted(starts.getCount()));
      }
      var active = supervisor.countChildren().active();
      var seconds = Rate.secondsSince(begun);
      if (active != count) {
        throw new IllegalStateException("%,d of %,d are there".formatted(active, count));
      }
      var used = cpu.stop();
      return Row.of("%,d, %s".formatted(count, level == LogLevel.OFF ? "no log" : "logged"))
          .with("killed within ms", killed * 1e3)
          .with("there again within ms", seconds * 1e3)
          .with(RATE, count / seconds)
          .with("CPU µs each", used.client() * 1e6 / count)
          .with("others %", used.others() * 100);
    }
  }
}
