package dev.genserver.benchmarks.start;

import dev.genserver.benchmarks.BenchedDaemon;
import dev.genserver.benchmarks.BenchedDaemon.PluginSource;
import dev.genserver.benchmarks.BuiltDaemon;
import dev.genserver.benchmarks.Figures;
import dev.genserver.benchmarks.Options;
import dev.genserver.benchmarks.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  /// All starts of one daemon with the cache, or without.
  record Series(String name, List<Start> starts) {

    private List<String> row() {
      return List.of(
          name,
          shown(Start::readyMs),
          shown(Start::answeredMs),
          shown(Start::cpuMs),
          shown(Start::rssMiB),
          shown(Start::heapMiB));
    }

    private String shown(ToDoubleFunction<Start> value) {
      var values = starts.stream().mapToDouble(value).sorted().boxed().toList();
      return "%s (%s to %s)"
          .formatted(
              Figures.shown(Figures.median(values)),
              Figures.shown(values.getFirst()),
              Figures.shown(values.getLast()));
    }
  }

  record Report(int runs, List<Series> series) {

    @Override
    public String toString() {
      var table =
          new Table(
              List.of(
                  "%d starts: median (min to max)".formatted(runs),
                  "ready, ms",
                  "first answer, ms",
                  "CPU until then, ms",
                  "RSS, MiB",
                  "heap, MiB"));
      series.forEach(each -> table.add(each.row()));
      return table + "to be had: ready with a cache within 1,000 ms, better 450, at best 250\n";
    }
  }

  /// One way to start a daemon, and what came of it so far.
  private record Way(BuiltDaemon daemon, List<String> options, Series series) {

    Way(BuiltDaemon daemon, String name, List<String> options) {
      this(daemon, options, new Series(daemon.name() + ", " + name, new ArrayList<>()));
    }

    void run(Path root) throws IOException {
      series.starts.add(start(root, daemon, options));
    }
  }

  private Starts() {}

  /// Takes `--quick`, `--runs N`, 10 by default, and `--daemon [NAME=]JAR[ OPTION…]…`.
  public static void main(String[] args) throws IOException {
    var options = Options.of(args);
    var runs = (int) options.number("--runs", options.has("--quick") ? 2 : 10);
    var daemons = BuiltDaemon.of(Options.root(), options.all("--daemon"));
    System.out.print(run(Options.root(), daemons, runs));
  }

  /// Starts these daemons, with the examples that were built in the project at `root`.
  static Report run(Path root, List<BuiltDaemon> daemons, int runs) throws IOException {
    var caches = new ArrayList<Path>();
    var ways = new ArrayList<Way>();
    try {
      for (var daemon : daemons) {
        var cache = Files.createTempFile(daemon.name(), ".aot");
        caches.add(cache);
        rehearse(root, daemon, cache);
        ways.add(new Way(daemon, "without a cache", List.of()));
        ways.add(new Way(daemon, "with an AOT cache", List.of("-XX:AOTCache=" + cache)));
      }
      for (var run = 0; run < runs; run++) {
        for (var i = 0; i < ways.size(); i++) {
          ways.get((i + run) % ways.size()).run(root);
        }
      }
      return new Report(runs, ways.stream().map(Way::series).toList());
    } finally {
      for (var cache : caches) {
        Files.delete(cache);
      }
    }
  }

  /// One short life, of which the JVM writes down what it has loaded and linked.
  private static void rehearse(Path root, BuiltDaemon built, Path cache) throws IOException {
    try (var daemon = daemon(root, built, List.of("-XX:AOTCacheOutput=" + cache))) {
      daemon.ask("counter", "get");
      daemon.process().terminate();
    }
    if (Files.size(cache) == 0) {
      throw new IOException("the JVM made no AOT cache of the rehearsal");
    }
  }

  private static Start start(Path root, BuiltDaemon built, List<String> options)
      throws IOException {
    try (var daemon = daemon(root, built, options)) {
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

  private static BenchedDaemon daemon(Path root, BuiltDaemon built, List<String> options)
      throws IOException {
    var plugins = PluginSource.examples(root, "chat", "counter", "jobs", "kv", "ratelimiter");
    return built.start(plugins, options);
  }
}
