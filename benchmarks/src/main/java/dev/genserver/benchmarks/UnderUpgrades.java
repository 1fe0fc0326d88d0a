package dev.genserver.benchmarks;

import dev.genserver.benchmarks.TallyPlugin.Memory;
import dev.genserver.benchmarks.TallyPlugin.Standing;
import dev.genserver.client.ClientOptions;
import dev.genserver.client.GenServerClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Calls and casts at a constant rate while the plugin behind them is upgraded and rolled back, its
/// state in another shape each time, again and again; and then compares what was sent with what the
/// processes' states say.
public final class UnderUpgrades {

  /// What a run is like.
  ///
  /// @param processes how many run the plugin's code, beside its desk
  /// @param rate messages a second, half of them calls
  record Settings(Duration length, int processes, double rate, int connections, long seed) {}

  private static final int MOST_LOADED = 1000;
  private static final int OPENED_AT_ONCE = 5000;
  private static final int ASKED_AT_ONCE = 500;
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final Duration UNLOADING = Duration.ofSeconds(30);

  private final Settings settings;
  private final Random random;
  private final BenchedDaemon daemon;
  private final GenServerClient client;
  private final Operator operator;
  private final TallyLoad load;
  private final Jars jars;
  private final UpgradesLog log = new UpgradesLog();

  private record Jars(Path first, Path second, Path third, Path badSecond, Path badThird) {

    static Jars in(Path folder) {
      return new Jars(
          TallyPlugin.first().writeTo(folder),
          TallyPlugin.second().writeTo(folder),
          TallyPlugin.third().writeTo(folder),
          TallyPlugin.secondThatFails().writeTo(folder),
          TallyPlugin.thirdThatFails().writeTo(folder));
    }
  }

  private UnderUpgrades(
      Settings settings,
      Random random,
      BenchedDaemon daemon,
      GenServerClient client,
      Operator operator,
      TallyLoad load,
      Jars jars) {
    this.settings = settings;
    this.random = random;
    this.daemon = daemon;
    this.client = client;
    this.operator = operator;
    this.load = load;
    this.jars = jars;
  }

  /// Takes `--seconds N`, 180 by default, `--processes N`, 1000 by default, `--rate N` messages a
  /// second, 2000 by default, `--connections N`, 4 by default, and `--seed N`. Ends with 1 if
  /// something was wrong.
  public static void main(String[] args) throws Exception {
    var options = Options.of(args);
    var settings =
        new Settings(
            Duration.ofSeconds(options.number("--seconds", 180)),
            (int) options.number("--processes", 1000),
            options.number("--rate", 2000),
            (int) options.number("--connections", 4),
            options.number("--seed", System.nanoTime() % 1_000_000));
    System.out.printf(
        "%,d s, %,d processes, %,.0f messages a second over %d connections, seed %d%n",
        settings.length.toSeconds(),
        settings.processes,
        settings.rate,
        settings.connections,
        settings.seed);
    var report = run(Path.of(System.getProperty("genserver.root", ".")), settings);
    System.out.println(report);
    System.exit(report.problems().isEmpty() ? 0 : 1);
  }

  /// Runs it against the daemon that was built in the project at `root`.
  static UpgradesReport run(Path root, Settings settings) throws Exception {
    var random = new Random(settings.seed);
    var folder = Files.createTempDirectory("upgrades");
    var heap = BenchedDaemon.HEAP_MIB + settings.processes / 400;
    try (var daemon = new BenchedDaemon(root, TallyPlugin.first()::writeTo, Map.of(), heap);
        var client =
            GenServerClient.connect(
                "127.0.0.1:" + daemon.port, ClientOptions.defaults().timeout(TIMEOUT));
        var operator = new Operator(daemon.port);
        var load =
            new TallyLoad(
                daemon.port,
                settings.connections,
                sample(settings, random),
                settings.rate,
                random)) {
      return new UnderUpgrades(
              settings,
              new Random(random.nextLong()),
              daemon,
              client,
              operator,
              load,
              Jars.in(folder))
          .run();
    } finally {
      try (var files = Files.list(folder)) {
        for (var file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }

  /// The children of the plugin's own supervisor, and others by chance.
  private static int[] sample(Settings settings, Random random) {
    var others = settings.processes - TallyPlugin.STATIC;
    return IntStream.concat(
            IntStream.range(0, TallyPlugin.STATIC),
            random
                .ints(TallyPlugin.STATIC, settings.processes)
                .distinct()
                .limit(Math.min(others, MOST_LOADED)))
        .toArray();
  }

  private UpgradesReport run() throws Exception {
    for (var from = TallyPlugin.STATIC; from < settings.processes; from += OPENED_AT_ONCE) {
      var to = Math.min(settings.processes, from + OPENED_AT_ONCE);
      client.call("desk", Map.of("type", "open", "from", from, "to", to), Integer.class);
    }
    load.start(); // the first round warms up
    round();
    load.stop();
    var leakingBefore = awaitUnloading();
    var before = memory();
    load.takeTimings();
    log.forget();

    load.start();
    var end = System.nanoTime() + settings.length.toNanos();
    while (System.nanoTime() - end < 0) {
      round();
    }
    load.stop();
    var leaking = leakingBefore.isEmpty() ? awaitUnloading() : leakingBefore;
    var after = memory();
    return UpgradesReport.of(load, log, standings(), before, after, leaking);
  }

  // What the operator does.

  /// From the first version to the third, and back.
  private void round() throws IOException {
    sometimes(jars.second, jars.badSecond);
    upgrade(jars.second);
    sometimes(jars.third, jars.badThird);
    upgrade(jars.third);
    sometimes(jars.second, jars.badSecond);
    log.changed(settings, () -> operator.rollback("tally"));
    sometimes(jars.first, jars.badThird);
    upgrade(jars.first);
  }

  private void upgrade(Path jar) throws IOException {
    log.changed(settings, () -> operator.upgrade(jar));
    rest();
  }

  private void sometimes(Path next, Path bad) throws IOException {
    if (random.nextInt(3) == 0) {
      log.rehearsed(settings, () -> operator.rehearse(next));
      rest();
    }
    if (random.nextInt(3) == 0) {
      log.refused(() -> operator.refusedUpgrade(bad));
      rest();
    }
  }

  private void rest() {
    LockSupport.parkNanos(Duration.ofMillis(50 + random.nextInt(300)).toNanos());
  }

  // How things stand.

  private Memory memory() throws IOException {
    daemon.collectGarbage();
    daemon.collectGarbage(); // what the first has found to be unreachable
    return Objects.requireNonNull(client.call("desk", "memory", Memory.class));
  }

  /// What has stayed in memory though the garbage was collected for a while.
  private List<?> awaitUnloading() throws IOException {
    var patience = System.nanoTime() + UNLOADING.toNanos();
    var leaking = operator.leaking();
    while (!leaking.isEmpty() && System.nanoTime() - patience < 0) {
      daemon.collectGarbage();
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
      leaking = operator.leaking();
    }
    return leaking;
  }

  private List<Standing> standings() {
    var standings = new ArrayList<Standing>();
    for (var from = 0; from < settings.processes; from += ASKED_AT_ONCE) {
      IntStream.range(from, Math.min(settings.processes, from + ASKED_AT_ONCE))
          .mapToObj(this::standing)
          .toList()
          .forEach(standing -> standings.add(Objects.requireNonNull(standing.join())));
    }
    return standings;
  }

  private CompletableFuture<@Nullable Standing> standing(int number) {
    return client.callAsync("tally-" + number, Map.of("type", "get"), Standing.class);
  }
}
