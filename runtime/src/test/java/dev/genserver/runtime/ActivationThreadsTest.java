package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.noReply;
import static dev.genserver.runtime.Answers.reply;
import static dev.genserver.runtime.TestProcess.SOON;
import static dev.genserver.runtime.TestProcess.endOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// Processes that are declared to compute have threads of the operating system.
@Timeout(60)
class ActivationThreadsTest {

  private static final StartOptions DECLARED = StartOptions.none().cpuBound(true);

  private static final Scripted.Request THREAD = (_, state) -> reply(Thread.currentThread(), state);
  private static final Scripted.Request PING = (_, state) -> reply("pong", state);

  private final ClassLoader loader = new URLClassLoader(new URL[0]);
  @AutoClose private final Node node = Node.create();

  private Pid server(StartOptions options) {
    return node.start(Scripted.server(), options).pidOrThrow();
  }

  private Thread threadOf(Pid process) {
    return node.call(process, THREAD, Thread.class, SOON);
  }

  @Test
  void declaredProcessHasThreadsOfTheOperatingSystemThatBearItsName() {
    var process = server(StartOptions.named("primes").cpuBound(true));
    var thread = threadOf(process);
    assertThat(thread.isVirtual()).isFalse();
    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.getName()).isEqualTo("primes");
    assertThat(node.inspect(process).orElseThrow().cpuBound()).isTrue();
    await().until(() -> !thread.isAlive());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void threadOfADeclaredProcessGivesWayToOthers() {
    Scripted.Request nice = (_, state) -> reply(niceness(), state);
    assertThat(node.call(server(DECLARED), nice, Integer.class, SOON)).isEqualTo(LowPriority.NICE);
    assertThat(node.call(server(StartOptions.none()), nice, Integer.class, SOON)).isZero();
  }

  private static int niceness() {
    try {
      var stat = Files.readString(Path.of("/proc/thread-self/stat"));
      var behindName = stat.substring(stat.lastIndexOf(')') + 2);
      return Integer.parseInt(behindName.split(" ", -1)[16]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void otherProcessHasVirtualThreads() {
    var process = server(StartOptions.none());
    assertThat(threadOf(process).isVirtual()).isTrue();
    assertThat(node.inspect(process).orElseThrow().cpuBound()).isFalse();
  }

  @Test
  void declaredProcessHasItsThreadsOnANodeOfTestsToo() {
    try (var tests = Node.create(2, new ManualTime())) {
      var process = tests.start(Scripted.server(), DECLARED).pidOrThrow();
      assertThat(tests.call(process, THREAD, Thread.class).isVirtual()).isFalse();
      await().until(tests::isStill);
    }
  }

  @Test
  void anyNumberThatComputeWithoutEndLeaveOthersTheirTurn() {
    var busy = 4 * Runtime.getRuntime().availableProcessors();
    var begun = new AtomicInteger();
    Scripted.Message compute =
        state -> {
          begun.incrementAndGet();
          computeUntilInterrupted();
          return noReply(state);
        };
    var quiet = server(StartOptions.none());
    Stream.generate(() -> server(DECLARED))
        .limit(busy)
        .toList()
        .forEach(process -> node.cast(process, compute));
    await().atMost(SOON).until(() -> begun.get() == busy);
    assertThat(node.call(quiet, PING, Object.class, SOON)).isEqualTo("pong");
  }

  private static void computeUntilInterrupted() {
    while (!Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void killInterruptsOneThatComputes() {
    var began = new CompletableFuture<Boolean>();
    var stopped = new CompletableFuture<Boolean>();
    Scripted.Message compute =
        state -> {
          began.complete(true);
          computeUntilInterrupted();
          stopped.complete(true);
          return noReply(state);
        };
    var process = server(DECLARED);
    var end = endOf(node, process);
    node.cast(process, compute);
    assertThat(TestProcess.await(began)).isTrue();
    node.exit(process, ExitReason.KILL);
    assertThat(TestProcess.await(end)).isEqualTo(ExitReason.KILLED);
    assertThat(TestProcess.await(stopped)).isTrue();
  }

  @Test
  void whyShowsTheStackOfItsOwnCodeOnly() {
    var gate = new Gate();
    var process = server(DECLARED);
    node.cast(
        process,
        (Scripted.Message)
            state -> {
              gate.pass();
              return noReply(state);
            });
    gate.awaitArrival();
    var doing = node.why(process).orElseThrow().doing().orElseThrow();
    assertThat(doing.stack().getLast().getClassName()).startsWith(Scripted.class.getName());
    gate.open();
  }

  // The threads themselves.

  private static ActivationThreads threads(int most) {
    return new ActivationThreads(most, ActivationThreads.Own::new);
  }

  private ServerProcess process(StartOptions options) {
    return new ServerProcess(node, node.nextPid(), null, Scripted.server(), options, null);
  }

  /// The thread of an activation that is over.
  private Thread activated(ActivationThreads threads) {
    var thread = new CompletableFuture<Thread>();
    threads.activate(process(DECLARED), () -> thread.complete(Thread.currentThread()), loader);
    return TestProcess.await(thread);
  }

  @Test
  void contextClassLoaderIsAsGiven() {
    var seen = new CompletableFuture<ClassLoader>();
    Runnable look = () -> seen.complete(Thread.currentThread().getContextClassLoader());
    threads(1).activate(process(DECLARED), look, loader);
    assertThat(TestProcess.await(seen)).isSameAs(loader);
  }

  @Test
  void beyondTheLimitTheyRunAsAnyOther() {
    var threads = threads(1);
    var gate = new Gate();
    threads.activate(process(DECLARED), gate::pass, loader);
    assertThat(activated(threads).isVirtual()).isTrue();
    gate.open();
    await().until(() -> !activated(threads).isVirtual());
  }

  @Test
  void activationThatFailsGivesItsThreadBack() {
    var threads = threads(1);
    var failing = new CompletableFuture<Thread>();
    Runnable fail =
        () -> {
          Thread.currentThread()
              .setUncaughtExceptionHandler((thread, _) -> failing.complete(thread));
          throw new IllegalStateException("boom");
        };
    threads.activate(process(DECLARED), fail, loader);
    assertThat(TestProcess.await(failing).isVirtual()).isFalse();
    assertThat(activated(threads).isVirtual()).isFalse();
  }

  @Test
  void whoeverActivatesDoesNotWaitForTheStart() {
    var gate = new Gate();
    ThreadFactory slow =
        task ->
            new Thread(task) {
              @Override
              public void start() {
                gate.pass();
                super.start();
              }
            };
    var ran = new CompletableFuture<Boolean>();
    var threads = new ActivationThreads(1, slow);
    threads.activate(process(DECLARED), () -> ran.complete(true), loader);
    gate.awaitArrival();
    assertThat(ran).isNotDone();
    gate.open();
    assertThat(TestProcess.await(ran)).isTrue();
  }

  @Test
  void burstBeginsToComputeWhenAllOfItAreStarted() {
    var gate = new Gate();
    var made = new CopyOnWriteArrayList<Thread>();
    ThreadFactory watching =
        task -> {
          var before = made.isEmpty() ? null : made.getLast();
          var thread =
              new Thread(task) {
                @Override
                public void start() {
                  if (before == null) {
                    gate.pass(); // until all are to be started
                  } else {
                    await().until(() -> before.getState() == State.WAITING);
                  }
                  super.start();
                }
              };
          made.add(thread);
          return thread;
        };
    var threads = new ActivationThreads(3, watching);
    var ran =
        Stream.generate(CompletableFuture<Boolean>::new)
            .limit(3)
            .peek(each -> threads.activate(process(DECLARED), () -> each.complete(true), loader))
            .toList();
    gate.open();
    assertThat(ran).allSatisfy(each -> assertThat(TestProcess.await(each)).isTrue());
    assertThat(made).hasSize(3);
  }

  @Test
  void activationIsNotLostWhereTheSystemHasNoMoreThreads() {
    var attempts = new AtomicInteger();
    ThreadFactory none =
        task ->
            new Thread(task) {
              @Override
              public void start() {
                attempts.incrementAndGet();
                throw new OutOfMemoryError("unable to create native thread");
              }
            };
    var threads = new ActivationThreads(1, none);
    assertThat(activated(threads).isVirtual()).isTrue();
    assertThat(activated(threads).isVirtual()).isTrue();
    assertThat(attempts).hasValue(2);
  }

  @Test
  void isNotCountedAmongTheThreadsThatThePluginHasStarted() {
    var gate = new Gate();
    threads(1).activate(process(DECLARED), gate::pass, loader);
    gate.awaitArrival();
    assertThat(PluginThreads.of(loader)).isNotEmpty();
    assertThat(node.usagesOf(List.of(loader)).get(loader).threads()).isZero();
    gate.open();
  }

  @Test
  void nameOfAProcessWithoutOneIsItsPid() {
    var process = server(DECLARED);
    assertThat(threadOf(process).getName()).isEqualTo(process.toString());
  }
}
