package dev.genserver.fuzz;

import dev.genserver.conformance.DaemonProgram;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Carries out sessions against a daemon of its own, several at a time, while a [Caller] calls, and
/// then looks at what the daemon has kept.
///
/// The daemon has a small heap, and Netty watches each of its buffers.
final class Fuzzer implements AutoCloseable {

  /// A session, and why it failed.
  record Failure(long session, Throwable reason) {}

  /// What came of it all.
  record Report(
      long sessions,
      long frames,
      double seconds,
      int calls,
      double p99Ms,
      double worstMs,
      Vitals before,
      Vitals after) {

    @Override
    public String toString() {
      return """
      %,d frames in %,d sessions, %.1f s, %,.0f frames a second
      undisturbed caller: %,d calls, 99 %% within %.1f ms, the slowest %.1f ms
      before: %s
      after:  %s\
      """
          .formatted(
              frames, sessions, seconds, frames / seconds, calls, p99Ms, worstMs, before, after);
    }
  }

  /// How many frames a session has at most.
  static final int LONGEST = 2000;

  private static final int WORKERS = 4;
  private static final int MAX_FRAME = 1 << 16;
  private static final int WARM_UP_SESSIONS = 300;

  /// Of the heap after a collection; caches of classes and of Netty are filled to the end.
  private static final long HEAP_GROWTH_KB = 8 * 1024;

  /// The heap may have been widened to its bound, and the JVM compiles on.
  private static final long RESIDENT_GROWTH_KB = 256 * 1024;

  /// The JVM's own: compilers and collectors come and go, and carriers of virtual threads.
  private static final int THREADS_GROWTH = 10;

  private static final List<String> JVM_OPTIONS =
      List.of("-Xmx256m", "-Dio.netty.leakDetection.level=paranoid");

  private static final List<String> FLAGS =
      List.of("--frame-max-bytes=" + MAX_FRAME, "--connection-accept-rate=100000");

  private final long seed;
  private final Path folder;
  private final DaemonProgram daemon;
  private final InetSocketAddress address;
  private final AtomicLong nextSession = new AtomicLong();
  private final AtomicLong frames = new AtomicLong();
  private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();

  /// Starts the daemon.
  ///
  /// @param home the folder of the repository, which has been built
  Fuzzer(Path home, long seed) throws IOException {
    this.seed = seed;
    this.folder = Files.createTempDirectory("fuzz");
    var plugins = Files.createDirectory(folder.resolve("plugins"));
    Files.copy(
        home.resolve("system-tests/target/conformance-plugin.jar"), plugins.resolve("plugin.jar"));
    this.daemon =
        new DaemonProgram(home, plugins, folder.resolve("daemon.log"), JVM_OPTIONS, FLAGS);
    this.address = daemon.socketAddress();
    startProbes();
  }

  private void startProbes() throws IOException {
    try (var caller = new Caller(address)) {
      start(caller, "fuzz.control");
      for (var i = 0; i < Generator.PROBES; i++) {
        start(caller, "fuzz." + i);
      }
    }
  }

  private static void start(Caller caller, String name) throws IOException {
    var answer =
        caller.ask(
            "{\"op\":\"call\",\"id\":1,\"to\":\"conformance\",\"msg\":{\"type\":\"start\",\"name\":\"%s\",\"max_queue\":10000}}"
                .formatted(name));
    if (!answer.startsWith("{\"op\":\"reply\"")) {
      throw new IOException("probe '%s' was not started: %s".formatted(name, answer));
    }
  }

  /// Carries out sessions until enough frames were sent or the time is up.
  ///
  /// @return null if a session failed: [#failure] says which
  @Nullable Report run(long enough, Duration limit) throws IOException, InterruptedException {
    nextSession.set(-WARM_UP_SESSIONS);
    work(Long.MAX_VALUE, () -> nextSession.get() >= 0);
    awaitQuiet(Integer.MAX_VALUE);
    var before = Vitals.of(daemon.pid());
    frames.set(0);
    nextSession.set(0);
    var began = System.nanoTime();
    var caller = new Caller(address);
    try (caller) {
      var calling = Thread.ofPlatform().start(() -> call(caller));
      work(enough, () -> System.nanoTime() - began > limit.toNanos());
      caller.end();
      calling.join();
    }
    var seconds = (System.nanoTime() - began) / 1e9;
    if (failure.get() != null) {
      return null;
    }
    awaitQuiet(before.files());
    return new Report(
        nextSession.get(),
        frames.get(),
        seconds,
        caller.calls(),
        caller.percentileMs(0.99),
        caller.percentileMs(1),
        before,
        Vitals.of(daemon.pid()));
  }

  private void call(Caller caller) {
    try {
      caller.callUntilEnded();
    } catch (IOException | AssertionError e) {
      failure.compareAndSet(null, new Failure(-1, e));
    }
  }

  private interface Condition {
    boolean holds();
  }

  private void work(long enough, Condition timeIsUp) throws InterruptedException {
    var workers = new ArrayList<Thread>();
    for (var i = 0; i < WORKERS; i++) {
      workers.add(
          Thread.ofPlatform()
              .start(() -> {
                while (frames.get() < enough && !timeIsUp.holds() && failure.get() == null) {
                  frames.addAndGet(session(nextSession.getAndIncrement(), LONGEST));
                }
              }));
    }
    for (var worker : workers) {
      worker.join();
    }
  }

  /// Carries out one session and notes how it failed, if it did.
  ///
  /// @return how many frames it had
  long session(long number, int longest) {
    var sessionSeed = seed * 1_000_003 + number;
    var plan = new Generator(sessionSeed, MAX_FRAME).plan(longest);
    try {
      Exchange.run(plan, address, sessionSeed);
    } catch (IOException | AssertionError e) {
      failure.compareAndSet(null, new Failure(number, e));
    }
    return plan.frames();
  }

  /// The first session that failed.
  @Nullable Failure failure() {
    return failure.get();
  }

  /// The bytes of a session, to look at.
  byte[] bytes(long number, int longest) {
    return new Generator(seed * 1_000_003 + number, MAX_FRAME).plan(longest).bytes().copy();
  }

  /// A session that fails as early as it can: tries it with fewer frames again and again.
  ///
  /// @return with how many frames at most it still fails
  int shrink(long number) {
    var fails = LONGEST;
    for (var longest = LONGEST / 2; longest >= 1; longest /= 2) {
      failure.set(null);
      session(number, longest);
      if (failure.get() == null) {
        break;
      }
      fails = longest;
    }
    return fails;
  }

  /// Waits until the sessions' sockets are closed: at most so many files are open.
  private void awaitQuiet(int mostFiles) throws IOException {
    var end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    var files = Vitals.files(daemon.pid());
    for (var same = 0; System.nanoTime() < end && (files > mostFiles || same < 20); ) {
      LockSupport.parkNanos(100_000_000);
      var now = Vitals.files(daemon.pid());
      same = now == files ? same + 1 : 0;
      files = now;
    }
  }

  /// What a run has shown that should not be: a daemon that keeps something.
  static List<String> problems(Report report) {
    var problems = new ArrayList<String>();
    if (report.after().heapKb() > report.before().heapKb() + HEAP_GROWTH_KB) {
      problems.add("the heap has grown by more than %,d KiB".formatted(HEAP_GROWTH_KB));
    }
    if (report.after().residentKb() > report.before().residentKb() + RESIDENT_GROWTH_KB) {
      problems.add("the memory has grown by more than %,d KiB".formatted(RESIDENT_GROWTH_KB));
    }
    if (report.after().files() > report.before().files()) {
      problems.add("more files are open than before");
    }
    if (report.after().threads() > report.before().threads() + THREADS_GROWTH) {
      problems.add("more threads run than before");
    }
    return problems;
  }

  /// What the daemon has logged that tells of a defect.
  List<String> defects() throws IOException {
    return daemon
        .log()
        .lines()
        .filter(
            line -> line.contains("LEAK") || line.contains(" ERROR ") || line.contains(" WARN "))
        .toList();
  }

  @Override
  public void close() {
    daemon.close();
    try (var files = Files.walk(folder)) {
      for (var file : files.toList().reversed()) {
        Files.delete(file);
      }
    } catch (IOException _) {
      // The system empties its folder of temporary files.
    }
  }
}
