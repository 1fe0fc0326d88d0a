package dev.genserver.benchmarks;

import dev.genserver.client.ClientOptions;
import dev.genserver.client.GenServerClient;
import dev.genserver.client.GenServerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Numbered calls and casts to a part of the processes, sent when their time has come, whether
/// those before are answered or not. Latency counts from when a call was due.
final class TallyLoad implements AutoCloseable {

  /// What is sent. Each connection is a sender of each kind.
  enum Kind {
    CALL,
    CAST_CONFIRMED,
    CAST
  }

  /// When a call was due, and when its reply was there; nanoseconds.
  record Timing(long due, long end) {

    double millis() {
      return (end - due) / 1e6;
    }
  }

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /// Of four messages two are calls, one is a cast that is confirmed, one a cast that is not.
  private static final List<Kind> KINDS =
      List.of(Kind.CALL, Kind.CAST_CONFIRMED, Kind.CALL, Kind.CAST);

  private final List<GenServerClient> clients = new ArrayList<>();
  private final int[] sample;
  private final double rate;
  private final Random random;
  private final Map<Integer, Map<String, Long>> sent = new HashMap<>(); // by process, by sender
  private final Map<Kind, AtomicLong> count =
      Map.of(
          Kind.CALL, new AtomicLong(),
          Kind.CAST_CONFIRMED, new AtomicLong(),
          Kind.CAST, new AtomicLong());
  private final AtomicLong answered = new AtomicLong();
  private final Map<Kind, Queue<String>> failures =
      Map.of(
          Kind.CALL, new ConcurrentLinkedQueue<>(),
          Kind.CAST_CONFIRMED, new ConcurrentLinkedQueue<>(),
          Kind.CAST, new ConcurrentLinkedQueue<>());
  private final Queue<Timing> timings = new ConcurrentLinkedQueue<>();
  private volatile boolean stopped;
  private @Nullable Thread thread;

  /// @param sample the numbers of the processes
  /// @param rate messages a second
  TallyLoad(int port, int connections, int[] sample, double rate, Random random) {
    this.sample = sample;
    this.rate = rate;
    this.random = random;
    for (var i = 0; i < connections; i++) {
      clients.add(
          GenServerClient.connect("127.0.0.1:" + port, ClientOptions.defaults().timeout(TIMEOUT)));
    }
  }

  void start() {
    stopped = false;
    thread = Thread.ofPlatform().name("load").start(this::send);
  }

  /// Sends no more, and waits until all is answered, and what needs no answer has been read.
  void stop() throws InterruptedException {
    stopped = true;
    if (thread != null) {
      thread.join();
    }
    var patience = System.nanoTime() + TIMEOUT.toNanos();
    while (answered.get() < count(Kind.CALL) + count(Kind.CAST_CONFIRMED)
        && System.nanoTime() - patience < 0) {
      LockSupport.parkNanos(1_000_000);
    }
    clients.forEach(client -> client.flush(TIMEOUT));
  }

  private void send() {
    var begin = System.nanoTime();
    for (var number = 0L; !stopped; ) {
      var now = System.nanoTime();
      for (long due; (due = begin + (long) (number * 1e9 / rate)) - now <= 0; number++) {
        var kind = KINDS.get((int) (number % KINDS.size()));
        send(kind, (int) (number / KINDS.size() % clients.size()), due);
      }
      LockSupport.parkNanos(200_000);
    }
  }

  private void send(Kind kind, int connection, long due) {
    var number = sample[random.nextInt(sample.length)];
    var to = "tally-" + number;
    var from = sender(kind, connection);
    var seq = sent.computeIfAbsent(number, _ -> new HashMap<>()).merge(from, 1L, Long::sum);
    Map<String, Object> message = Map.of("type", "note", "from", from, "seq", seq);
    var client = clients.get(connection);
    counter(kind).incrementAndGet();
    try {
      switch (kind) {
        case CALL -> {
          var _ =
              client
                  .callAsync(to, message, Long.class)
                  .whenComplete((reply, thrown) -> replied(due, to, seq, reply, thrown));
        }
        case CAST_CONFIRMED -> {
          var _ =
              client
                  .castConfirmedAsync(to, message)
                  .whenComplete((_, thrown) -> confirmed(to, thrown));
        }
        case CAST -> client.cast(to, message);
      }
    } catch (GenServerException e) {
      failures(kind).add("to %s: %s".formatted(to, e));
      answered.addAndGet(kind == Kind.CAST ? 0 : 1);
    }
  }

  private static String sender(Kind kind, int connection) {
    return kind + "-" + connection;
  }

  /// Whether a sender sends messages of that kind.
  static boolean isOf(Kind kind, String sender) {
    return sender.substring(0, sender.lastIndexOf('-')).equals(kind.name());
  }

  private void replied(
      long due, String to, long seq, @Nullable Long reply, @Nullable Throwable thrown) {
    timings.add(new Timing(due, System.nanoTime()));
    if (thrown != null) {
      failures(Kind.CALL).add("to %s: %s".formatted(to, thrown));
    } else if (reply == null || reply != seq) {
      failures(Kind.CALL).add("to %s: the reply was %s and not %d".formatted(to, reply, seq));
    }
    answered.incrementAndGet();
  }

  private void confirmed(String to, @Nullable Throwable thrown) {
    if (thrown != null) {
      failures(Kind.CAST_CONFIRMED).add("to %s: %s".formatted(to, thrown));
    }
    answered.incrementAndGet();
  }

  private AtomicLong counter(Kind kind) {
    return Objects.requireNonNull(count.get(kind));
  }

  // How it went.

  long count(Kind kind) {
    return counter(kind).get();
  }

  /// What failed, a sentence each.
  Queue<String> failures(Kind kind) {
    return Objects.requireNonNull(failures.get(kind));
  }

  /// Of all calls since this was last asked.
  List<Timing> takeTimings() {
    var taken = List.copyOf(timings);
    timings.clear();
    return taken;
  }

  /// The number of the last message that a process was sent, by sender. When stopped.
  Map<String, Long> sentTo(int number) {
    return sent.getOrDefault(number, Map.of());
  }

  @Override
  public void close() {
    clients.forEach(GenServerClient::close);
  }
}
