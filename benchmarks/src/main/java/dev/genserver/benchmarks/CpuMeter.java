package dev.genserver.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Tells who used the processors from [#start] to [#stop]: the measured process, this one, and all
/// others together.
public final class CpuMeter {

  private static final Path STAT = Path.of("/proc/stat");
  private static final int IDLE = 3;
  private static final int IOWAIT = 4;
  private static final int FIELDS = 8; // user nice system idle iowait irq softirq steal

  /// Who used what.
  ///
  /// @param server seconds of processor time, user and system, as `client` is
  /// @param switches how often a thread of the server had or lost a processor; 0 where /proc does
  ///   not tell
  /// @param others which part of the machine others used, and its host took; NaN where /proc/stat
  ///   does not tell
  public record Used(double server, double client, long switches, double others) {}

  private final @Nullable BenchedProcess server;
  private final long begin = System.nanoTime();
  private final Duration serverBefore;
  private final long switchesBefore;
  private final Duration clientBefore = own();
  private final List<Long> machineBefore = machine();

  private CpuMeter(@Nullable BenchedProcess server) throws IOException {
    this.server = server;
    this.serverBefore = cpu(server);
    this.switchesBefore = switches(server);
  }

  public static CpuMeter start(BenchedProcess server) throws IOException {
    return new CpuMeter(server);
  }

  /// Where what is measured is in this process, which is the client then.
  public static CpuMeter start() throws IOException {
    return new CpuMeter(null);
  }

  public Used stop() throws IOException {
    var ours = seconds(cpu(server).minus(serverBefore));
    var client = seconds(own().minus(clientBefore));
    var cores = Runtime.getRuntime().availableProcessors();
    var elapsed = (System.nanoTime() - begin) / 1e9 * cores;
    var others = Math.max(0, busy() - (ours + client) / elapsed);
    return new Used(ours, client, switches(server) - switchesBefore, others);
  }

  private static Duration cpu(@Nullable BenchedProcess server) {
    return server == null ? Duration.ZERO : server.cpu();
  }

  private static long switches(@Nullable BenchedProcess server) throws IOException {
    return server == null ? 0 : server.contextSwitches();
  }

  private double busy() throws IOException {
    var now = machine();
    if (now.isEmpty()) {
      return Double.NaN;
    }
    var all = 0L;
    for (var field = 0; field < FIELDS; field++) {
      all += now.get(field) - machineBefore.get(field);
    }
    var idle =
        now.get(IDLE) - machineBefore.get(IDLE) + now.get(IOWAIT) - machineBefore.get(IOWAIT);
    return all == 0 ? 0 : 1 - (double) idle / all;
  }

  private static Duration own() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  /// Ticks of all processors by what they were spent on.
  private static List<Long> machine() throws IOException {
    if (!Files.exists(STAT)) {
      return List.of();
    }
    try (var lines = Files.lines(STAT)) {
      var all = lines.findFirst().orElseThrow().split(" +", -1);
      return Stream.of(all).skip(1).limit(FIELDS).map(Long::parseLong).toList();
    }
  }
}
