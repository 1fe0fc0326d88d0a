package dev.genserver.benchmarks;

import dev.genserver.client.Backoff;
import dev.genserver.client.ClientOptions;
import dev.genserver.client.GenServerClient;
import dev.genserver.client.GenServerException;
import dev.genserver.client.Patience;
import dev.genserver.protocol.Executed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Stops a daemon with SIGTERM while calls are in its mailboxes, on their way, and being answered,
/// again and again; and then compares what the callers were told with what the daemon's process has
/// written down.
public final class Drains {

  private static final int CLIENTS = 4;
  private static final int IN_FLIGHT = 256;

  /// Longer than a stop ever takes, so that no call ends by itself.
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /// What came of all stops.
  ///
  /// @param answered calls that were executed and answered
  /// @param refused calls of which the daemon said that they were not executed
  /// @param unread calls that the daemon had not read when it closed the connection: their callers
  ///   cannot know more, and they were not executed
  /// @param problems what must not be, a sentence each
  record Report(
      int stops,
      long answered,
      long refused,
      long unread,
      Duration slowest,
      List<String> problems) {

    @Override
    public String toString() {
      var text =
          "%,d stops: %,d calls answered, %,d refused, %,d not read; the slowest stop took %,d ms%n"
              .formatted(stops, answered, refused, unread, slowest.toMillis());
      return text
          + (problems.isEmpty()
              ? "no call that was read was left without its answer"
              : "wrong: " + String.join(System.lineSeparator() + "wrong: ", problems));
    }
  }

  /// What one caller was told of its calls.
  private static final class Caller {

    final BitSet answered = new BitSet();
    final BitSet refused = new BitSet();
    final BitSet unknown = new BitSet();
    final Set<String> why = new TreeSet<>(); // they are unknown
    int sent;

    synchronized int next() {
      return sent++;
    }

    synchronized void told(int seq, @Nullable Throwable failure) {
      if (failure == null) {
        answered.set(seq);
      } else if (executed(failure) == Executed.NO) {
        refused.set(seq);
      } else {
        unknown.set(seq);
        why.add(String.valueOf(failure.getMessage()));
      }
    }

    private static Executed executed(Throwable failure) {
      var cause = failure instanceof CompletionException ? failure.getCause() : failure;
      return cause instanceof GenServerException told ? told.executed() : Executed.MAYBE;
    }
  }

  private final Path root;
  private final Random random;
  private final List<String> problems = new ArrayList<>();
  private long answered;
  private long refused;
  private long unread;
  private Duration slowest = Duration.ZERO;

  private Drains(Path root, long seed) {
    this.root = root;
    this.random = new Random(seed);
  }

  /// Takes `--stops N`, 100 by default, and `--seed N`. Ends with 1 if something was wrong.
  public static void main(String[] args) throws Exception {
    var options = Options.of(args);
    var stops = (int) options.number("--stops", 100);
    var seed = options.number("--seed", System.nanoTime() % 1_000_000);
    System.out.printf("%d stops, seed %d%n", stops, seed);
    var report = run(Path.of(System.getProperty("genserver.root", ".")), stops, seed);
    System.out.println(report);
    System.exit(report.problems().isEmpty() ? 0 : 1);
  }

  /// Runs it against the daemon that was built in the project at `root`.
  static Report run(Path root, int stops, long seed) throws Exception {
    var drains = new Drains(root, seed);
    for (var stop = 0; stop < stops; stop++) {
      drains.stop(stop);
    }
    return new Report(
        stops,
        drains.answered,
        drains.refused,
        drains.unread,
        drains.slowest,
        List.copyOf(drains.problems));
  }

  private void stop(int number) throws IOException, InterruptedException {
    var ledger = Files.createTempFile("ledger", ".txt");
    var environment =
        Map.of(LedgerPlugin.FILE, ledger.toString(), LedgerPlugin.DAEMON, Integer.toString(number));
    try (var daemon = new BenchedDaemon(root, LedgerPlugin.jar()::writeTo, environment)) {
      var callers = callAndTerminate(daemon);
      compare("stop " + number, callers, Files.readAllLines(ledger));
    } finally {
      Files.deleteIfExists(ledger);
    }
  }

  private List<Caller> callAndTerminate(BenchedDaemon daemon)
      throws IOException, InterruptedException {
    var callers = new ArrayList<Caller>();
    var threads = new ArrayList<Thread>();
    var clients = new ArrayList<GenServerClient>();
    try {
      for (var id = 0; id < CLIENTS; id++) {
        var client = connect(daemon);
        clients.add(client);
        var caller = new Caller();
        callers.add(caller);
        var worker = id;
        threads.add(Thread.ofVirtual().start(() -> call(client, worker, caller)));
      }
      LockSupport.parkNanos(Duration.ofMillis(20 + random.nextInt(200)).toNanos());
      var begin = System.nanoTime();
      daemon.terminate();
      slowest = max(slowest, Duration.ofNanos(System.nanoTime() - begin));
      for (var thread : threads) {
        thread.join();
      }
      return callers;
    } finally {
      clients.forEach(GenServerClient::close);
    }
  }

  private static GenServerClient connect(BenchedDaemon daemon) {
    var options =
        ClientOptions.defaults()
            .timeout(TIMEOUT)
            .whenUnconnected(Patience.FAIL) // the daemon does not come back
            .reconnect(new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1)));
    return GenServerClient.connect("127.0.0.1:" + daemon.port, options);
  }

  /// Keeps many calls in flight until one fails, which is when the daemon ends.
  private static void call(GenServerClient client, int worker, Caller caller) {
    var room = new Semaphore(IN_FLIGHT);
    var failed = new AtomicBoolean();
    while (!failed.get()) {
      room.acquireUninterruptibly();
      var seq = caller.next();
      client
          .callAsync("ledger", Map.of("type", "note", "worker", worker, "seq", seq), Long.class)
          .whenComplete((_, failure) -> {
            caller.told(seq, failure);
            if (failure != null) {
              failed.set(true);
            }
            room.release();
          });
    }
    room.acquireUninterruptibly(IN_FLIGHT); // all are answered
  }

  private void compare(String stop, List<Caller> callers, List<String> ledger) {
    var executed = new ArrayList<BitSet>();
    callers.forEach(_ -> executed.add(new BitSet()));
    for (var line : ledger) {
      var numbers = line.split(" ", -1);
      var seen = executed.get(Integer.parseInt(numbers[1]));
      var seq = Integer.parseInt(numbers[2]);
      if (seen.get(seq)) {
        problems.add("%s: call %s was executed twice".formatted(stop, line));
      }
      seen.set(seq);
    }
    for (var worker = 0; worker < callers.size(); worker++) {
      var caller = callers.get(worker);
      var done = executed.get(worker);
      answered += caller.answered.cardinality();
      refused += caller.refused.cardinality();
      unread += caller.unknown.cardinality();
      complain(stop, "executed and never answered, as " + caller.why, both(done, caller.unknown));
      complain(stop, "executed, though said not to be", both(done, caller.refused));
      var notDone = (BitSet) caller.answered.clone();
      notDone.andNot(done);
      complain(stop, "answered, and not executed", notDone);
    }
  }

  private void complain(String stop, String what, BitSet calls) {
    if (!calls.isEmpty()) {
      problems.add("%s: %,d calls were %s: %s".formatted(stop, calls.cardinality(), what, calls));
    }
  }

  private static BitSet both(BitSet one, BitSet other) {
    var both = (BitSet) one.clone();
    both.and(other);
    return both;
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }
}
