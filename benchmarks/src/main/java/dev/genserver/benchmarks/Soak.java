package dev.genserver.benchmarks;

import dev.genserver.client.Backoff;
import dev.genserver.client.ClientOptions;
import dev.genserver.client.GenServerClient;
import dev.genserver.client.GenServerException;
import dev.genserver.client.Retry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Calls and casts from a few clients while their daemon is restarted, moves from one address to
/// another, and its network is stalled and cut, again and again; and then compares what the clients
/// were told with what the daemon's process has written down.
public final class Soak {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /// How much longer than its timeout a request may take on a busy machine.
  private static final Duration LENIENCE = Duration.ofSeconds(3);

  private final Path root;
  private final Duration length;
  private final Random random;
  private final Path ledger;
  private final List<Network> addresses;
  private final Map<String, Integer> faults = new HashMap<>();
  private final List<Double> heaps = new ArrayList<>();
  private final List<Integer> threads = new ArrayList<>();
  private @Nullable BenchedDaemon daemon;
  private int daemons;
  private int address;

  private Soak(Path root, Duration length, long seed) throws IOException {
    this.root = root;
    this.length = length;
    this.random = new Random(seed);
    this.ledger = Files.createTempFile("ledger", ".txt");
    this.addresses = List.of(new Network(), new Network());
  }

  /// Takes `--minutes N`, 10 by default, and `--seed N`. Ends with 1 if something was wrong.
  public static void main(String[] args) throws Exception {
    var options = Options.of(args);
    var minutes = options.number("--minutes", 10);
    var seed = options.number("--seed", System.nanoTime() % 1_000_000);
    System.out.printf("%d minutes, seed %d%n", minutes, seed);
    var report =
        run(Path.of(System.getProperty("genserver.root", ".")), Duration.ofMinutes(minutes), seed);
    System.out.println(report);
    System.exit(report.problems().isEmpty() ? 0 : 1);
  }

  /// Runs it.
  static SoakReport run(Path root, Duration length, long seed) throws Exception {
    var soak = new Soak(root, length, seed);
    try {
      return soak.run();
    } finally {
      soak.close();
    }
  }

  private SoakReport run() throws Exception {
    start();
    var to =
        "127.0.0.1:%d,127.0.0.1:%d".formatted(addresses.get(0).port(), addresses.get(1).port());
    var options =
        ClientOptions.defaults()
            .timeout(TIMEOUT)
            .keepalive(Duration.ofSeconds(1))
            .reconnect(new Backoff(Duration.ofMillis(20), Duration.ofMillis(500)));
    var retrying =
        options.retry(
            Retry.unexecuted(20, new Backoff(Duration.ofMillis(10), Duration.ofMillis(200))));
    try (var plain = GenServerClient.connect(to, options);
        var patient = GenServerClient.connect(to, retrying)) {
      var workers =
          List.of(
              new SoakWorker(0, SoakWorker.Kind.CALL, plain),
              new SoakWorker(1, SoakWorker.Kind.CALL, plain),
              new SoakWorker(2, SoakWorker.Kind.CALL, patient),
              new SoakWorker(3, SoakWorker.Kind.CAST_CONFIRMED, plain),
              new SoakWorker(4, SoakWorker.Kind.CAST_CONFIRMED, patient),
              new SoakWorker(5, SoakWorker.Kind.CAST, patient));
      workers.forEach(SoakWorker::start);
      var heapBefore = usedMemory();
      var threadsBefore = Thread.activeCount();
      var end = System.nanoTime() + length.toNanos();
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(Duration.ofMillis(500 + random.nextInt(3000)).toNanos());
        fault();
      }
      for (var worker : workers) {
        worker.stop();
      }
      var flushed = flush(patient);
      measure();
      var vitals =
          new SoakReport.Vitals(
              heapBefore,
              usedMemory(),
              threadsBefore,
              Thread.activeCount(),
              List.copyOf(heaps),
              List.copyOf(threads));
      running().terminate(); // what is in its mailboxes is handled
      return SoakReport.of(
          workers, patient.casts(), flushed, Files.readAllLines(ledger), faults, vitals, longest());
    }
  }

  private static Duration longest() {
    return TIMEOUT.plus(LENIENCE);
  }

  /// Whether all casts have been read by a daemon, as far as they were not lost.
  private static boolean flush(GenServerClient client) {
    for (var attempt = 0; attempt < 3; attempt++) {
      try {
        client.flush(Duration.ofSeconds(10));
        return true;
      } catch (GenServerException _) {
        // It tells what was lost since the last flush, once; the counters know it too.
      }
    }
    return false;
  }

  private void fault() throws Exception {
    switch (random.nextInt(5)) {
      case 0 -> {
        count("moved to another address, then restarted");
        var old = running();
        measure();
        start();
        old.terminate();
        old.close();
      }
      case 1 -> {
        count("restarted at another address, after a gap");
        measure();
        var old = running();
        addresses.forEach(Network::leadNowhere);
        old.terminate();
        old.close();
        start();
      }
      case 2 -> {
        count("network cut");
        addresses.forEach(Network::cut);
      }
      case 3 -> {
        count("network stalled");
        stall();
      }
      default -> {
        count("network stalled, then cut");
        stall();
        addresses.forEach(Network::cut);
      }
    }
  }

  private void stall() {
    addresses.forEach(Network::stall);
    LockSupport.parkNanos(Duration.ofMillis(200 + random.nextInt(3000)).toNanos());
    addresses.forEach(Network::resume);
  }

  private void count(String fault) {
    faults.merge(fault, 1, Integer::sum);
  }

  /// Starts a daemon, and has the other address lead to it.
  private void start() throws IOException {
    daemon =
        new BenchedDaemon(
            root,
            LedgerPlugin.jar()::writeTo,
            Map.of(
                LedgerPlugin.FILE, ledger.toString(),
                LedgerPlugin.DAEMON, Integer.toString(daemons++)));
    addresses.get(address).leadNowhere();
    address = 1 - address;
    addresses.get(address).leadTo(daemon.port);
  }

  private BenchedDaemon running() {
    if (daemon == null) {
      throw new IllegalStateException("no daemon");
    }
    return daemon;
  }

  private void measure() throws IOException {
    heaps.add(Double.parseDouble(running().ask("ledger", "used_memory")) / (1 << 20));
    threads.add(running().threads());
  }

  private static double usedMemory() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) / (double) (1 << 20);
  }

  private void close() throws IOException {
    if (daemon != null) {
      daemon.close();
    }
    for (var each : addresses) {
      each.close();
    }
    Files.deleteIfExists(ledger);
  }
}
