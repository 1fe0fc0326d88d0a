package dev.genserver.benchmarks.start;

import dev.genserver.benchmarks.BenchedDaemon;
import dev.genserver.benchmarks.BenchedDaemon.PluginSource;
import dev.genserver.benchmarks.Figures;
import dev.genserver.benchmarks.Options;
import dev.genserver.benchmarks.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;

/// Starts the daemon with all examples again and again, with and without a cache of what it loads
/// and links, in turns.
public final class Starts {

  private static final double MIB = 1 << 20;
  private static final long IDLE_NANOS = 500_000_000;

  /// One start. Times count from when the program is started; memory is what it has with nothing to
  /// do, the heap after a collection.
  ///
  /// @param cpuMs processor time until the first answer
  record Start(double readyMs, double answeredMs, double cpuMs, double rssMiB, double heapMiB) {}

  /// The starts with and without the cache.
  record Report(List<Start> without, List<Start> with) {

    @Override
    public String toString() {
      var table =
          new Table(
              List.of(
                  "%d starts: median (min to max)".formatted(with.size()),
                  "ready, ms",
                  "first answer, ms",
                  "CPU until then, ms",
                  "RSS, MiB",
                  "heap, MiB"));
      table.add(row("without a cache", without));
      table.add(row("with an AOT cache", with));
      return table.toString();
    }

    private static List<String> row(String name, List<Start> starts) {
      return List.of(
          name,
          shown(starts, Start::readyMs),
          shown(starts, Start::answeredMs),
          shown(starts, Start::cpuMs),
          shown(starts, Start::rssMiB),
          shown(starts, Start::heapMiB));
    }

    private static String shown(List<Start> starts, ToDoubleFunction<Start> value) {
      var values = starts.stream().mapToDouble(value).sorted().boxed().toList();
      return "%s (%s to %s)"
          .formatted(
              Figures.shown(Figures.median(values)),
              Figures.shown(values.getFirst()),
              Figures.shown(values.getLast()));
    }
  }

  private Starts() {}

  /// Takes `--quick` and `--runs N`, 10 by default.
  public static void main(String[] args) throws IOException {
    var options = Options.of(args);
    var runs = (int) options.number("--runs", options.has("--quick") ? 2 : 10);
    System.out.print(run(Options.root(), runs));
  }

  /// Starts the daemon that was built in the project at `root`.
  static Report run(Path root, int runs) throws IOException {
    var cache = Files.createTempFile("genserverd", ".aot");
    try {
      rehearse(root, cache);
      var without = new ArrayList<Start>();
      var with = new ArrayList<Start>();
      for (var run = 0; run < runs; run++) {
        without.add(start(root, List.of()));
        with.add(start(root, List.of("-XX:AOTCache=" + cache)));
      }
      return new Report(without, with);
    } finally {
      Files.delete(cache);
    }
  }

  /// One short life, of which the JVM writes down what it has loaded and linked.
  private static void rehearse(Path root, Path cache) throws IOException {
    try (var daemon = daemon(root, List.of("-XX:AOTCacheOutput=" + cache))) {
      daemon.ask("counter", "get");
      daemon.process().terminate();
    }
    if (Files.size(cache) == 0) {
      throw new IOException("the JVM made no AOT cache of the rehearsal");
    }
  }

  private static Start start(Path root, List<String> options) throws IOException {
    try (var daemon = daemon(root, options)) {
      var ready = System.nanoTime();
      daemon.ask("counter", "get");
      var call = (System.nanoTime() - ready) / 1e6;
      var process = daemon.process();
      var readyMs = process.readyAfter().toNanos() / 1e6;
      var cpuMs = process.cpu().toNanos() / 1e6;
      LockSupport.parkNanos(IDLE_NANOS);
      var resident = process.residentMiB();
      process.collectGarbage();
      return new Start(readyMs, readyMs + call, cpuMs, resident, daemon.heapUsed() / MIB);
    }
  }

  private static BenchedDaemon daemon(Path root, List<String> options) throws IOException {
    var plugins = PluginSource.examples(root, "chat", "counter", "jobs", "kv", "ratelimiter");
    return new BenchedDaemon(BenchedDaemon.jar(root), plugins, Map.of(), options);
  }
}
