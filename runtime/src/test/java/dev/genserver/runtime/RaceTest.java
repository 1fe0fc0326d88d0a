package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.noReply;
import static dev.genserver.runtime.Answers.reply;
import static dev.genserver.runtime.Answers.stop;
import static dev.genserver.runtime.TestProcess.SOON;
import static dev.genserver.runtime.TestProcess.receive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.CallException;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Storms of everything at once. What each thread does follows from the seed; how the threads meet
/// does not, so what is asserted holds for any meeting.
class RaceTest {

  private static final int THREADS = 6;
  private static final int STEPS = 1_500;

  @AutoClose private final Node node = Node.create();

  private final Queue<From> kept = new ConcurrentLinkedQueue<>();

  private final Scripted.Request answer = (_, state) -> reply("answer", state);
  private final Scripted.Request keep =
      (from, state) -> {
        kept.add(from);
        return noReply(state);
      };
  private final Scripted.Request stopAnswering =
      (_, state) -> stop(ExitReason.NORMAL, state).replying("bye");
  private final Scripted.Request stopMute = (_, state) -> stop(ExitReason.SHUTDOWN, state);
  private final Scripted.Request park =
      (_, state) -> {
        new Gate().pass(); // until the process is killed
        return reply("never", state);
      };

  /// Runs `step` on several threads, each with randomness of its own.
  private static void storm(long seed, Consumer<Random> step) {
    var threads =
        IntStream.range(0, THREADS)
            .mapToObj(thread ->
                TestProcess.outside(() -> {
                  var random = new Random(seed * 31 + thread);
                  for (var i = 0; i < STEPS; i++) {
                    step.accept(random);
                  }
                  return true;
                }))
            .toList();
    threads.forEach(thread -> assertThat(TestProcess.await(thread)).isTrue());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void everyCallEndsInExactlyOneWay(long seed) {
    var servers = IntStream.range(0, 8).mapToObj(i -> ServerRef.named("server" + i)).toList();
    var calls = new ConcurrentLinkedQueue<TestCall>();
    var locals = new AtomicInteger();
    storm(
        seed,
        random -> {
          var name = servers.get(random.nextInt(servers.size()));
          var pid = running(name);
          switch (random.nextInt(10)) {
            case 0 -> node.exit(pid, ExitReason.KILL);
            case 1 -> stopQuietly(pid);
            case 2 -> node.cast(name, (Scripted.Message) state -> noReply(state));
            case 3 -> {
              var from = kept.poll();
              if (from != null) {
                from.reply("late");
              }
            }
            case 4, 5 -> callLocally(name, random, locals);
            default -> callFromOutside(pid, random, calls);
          }
        });
    servers.forEach(name -> node.whereis(name).ifPresent(pid -> node.exit(pid, ExitReason.KILL)));

    await().atMost(SOON).until(() -> calls.stream().allMatch(call -> call.outcome.isDone()));
    assertThat(calls).isNotEmpty().allSatisfy(call -> assertThat(call.told).hasValue(1));
    assertThat(locals.get()).isPositive();
    assertThat(node.processCount()).isZero();
    assertThat(node.names()).isEmpty();
  }

  private Pid running(ServerName name) {
    return switch (node.start(Scripted.server(), StartOptions.none().name(name))) {
      case StartResult.Ok(Pid pid, _) -> pid;
      case StartResult.AlreadyStarted(Pid pid) -> pid;
      case StartResult.Failed(ExitReason reason) -> {
        assertThat(reason).isEqualTo(ExitReason.KILLED); // by another thread, during init
        yield new Pid(1, 0);
      }
      case StartResult.Ignore() -> throw new AssertionError("init does not say ignore");
    };
  }

  private void stopQuietly(Pid pid) {
    try {
      node.stop(pid, ExitReason.NORMAL, Duration.ofMillis(5));
    } catch (CallException e) {
      assertThat(e.reason())
          .isIn(ExitReason.NOPROC, ExitReason.KILLED, ExitReason.TIMEOUT, ExitReason.SHUTDOWN);
    }
  }

  private void callLocally(ServerName name, Random random, AtomicInteger ended) {
    var request = List.of(answer, keep, stopAnswering, stopMute).get(random.nextInt(4));
    try {
      node.call(name, request, Object.class, Duration.ofMillis(5));
    } catch (CallException e) {
      assertThat(e.reason())
          .isIn(
              ExitReason.NOPROC,
              ExitReason.KILLED,
              ExitReason.TIMEOUT,
              ExitReason.NORMAL,
              ExitReason.SHUTDOWN);
    }
    ended.incrementAndGet();
  }

  private void callFromOutside(Pid pid, Random random, Queue<TestCall> calls) {
    var request = List.of(answer, keep, stopAnswering, stopMute, park).get(random.nextInt(5));
    node.locate(pid)
        .ifPresent(server -> {
          var call = new TestCall(node.time(), Long.MAX_VALUE, request);
          calls.add(call);
          server.deliver(call);
          switch (random.nextInt(4)) {
            case 0 -> call.cancel();
            case 1 -> call.expire();
            default -> {}
          }
        });
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void noDownAndNoExitIsLost(long seed) {
    var random = new Random(seed);
    for (var round = 0; round < 150; round++) {
      var targets = IntStream.range(0, 10).mapToObj(_ -> TestProcess.idle(node)).toList();
      var pids = new ArrayList<>(targets.stream().map(TestProcess::pid).toList());
      Collections.shuffle(pids, random);
      var watching =
          TestProcess.spawnTrapping(
              node,
              me -> {
                pids.forEach(me::link);
                return seesAll(me, pids);
              });
      targets.forEach(target -> node.exit(target.pid(), ExitReason.KILL));
      assertThat(watching.awaitResult()).isTrue();
    }
    await().until(() -> node.processCount() == 0);
  }

  /// Monitors the processes, which end meanwhile, and waits for an exit and an end of each.
  private static boolean seesAll(ProcessContext me, List<Pid> pids) {
    var exits = new HashSet<>(pids);
    var downs = new HashSet<MonitorRef>();
    pids.forEach(pid -> downs.add(me.monitor(pid)));
    while (!exits.isEmpty() || !downs.isEmpty()) {
      var isExpected =
          switch (receive(me)) {
            case InfoMessage.Exit(Pid from, _) -> exits.remove(from);
            case InfoMessage.Down(MonitorRef ref, _, _) -> downs.remove(ref);
            case InfoMessage.Message _, InfoMessage.Timeout _, InfoMessage.Reply _ -> false;
          };
      if (!isExpected) {
        return false;
      }
    }
    return me.receive(Duration.ZERO).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void onceUnlinkHasReturnedTheLinkHasNoEffect(long seed) {
    var random = new Random(seed);
    for (var round = 0; round < 300; round++) {
      var target = TestProcess.idle(node);
      var linked = new Gate();
      var spins = random.nextInt(2_000);
      var unlinking =
          TestProcess.spawnTrapping(
              node,
              me -> {
                me.link(target.pid());
                linked.open();
                spin(spins);
                me.unlink(target.pid());
                var before = me.receive(Duration.ZERO).isPresent() ? 1 : 0;
                me.monitor(target.pid());
                receive(me); // the end, which comes after all that the link may have sent
                return me.receive(Duration.ofMillis(1)).isEmpty() && before <= 1;
              });
      linked.pass();
      node.exit(target.pid(), ExitReason.KILL);
      assertThat(unlinking.awaitResult()).isTrue();
    }
  }

  private static void spin(int times) {
    for (var i = 0; i < times; i++) {
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void aNameIsNeverHeldByTwo(long seed) {
    var holders = new AtomicInteger();
    var most = new AtomicInteger();
    var name = StartOptions.named("one");
    storm(
        seed,
        random -> {
          var server =
              Scripted.server()
                  .onInit(() -> {
                    most.accumulateAndGet(holders.incrementAndGet(), Math::max);
                    return Answers.ok(0);
                  })
                  .onTerminate((_, _) -> holders.decrementAndGet());
          if (node.start(server, name) instanceof StartResult.Ok(Pid pid, _)) {
            spin(random.nextInt(500));
            node.stop(pid);
          }
        });
    assertThat(most).hasValue(1);
    assertThat(node.processCount()).isZero();
    assertThat(node.names()).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void familiesEndTogether(long seed) {
    storm(
        seed,
        random -> {
          if (random.nextInt(10) != 0) {
            return;
          }
          var child = new CompletableFuture<Pid>();
          var parent =
              TestProcess.spawn(
                  node,
                  me -> {
                    for (var i = 0; i < 3; i++) {
                      var started = me.startLink(Scripted.server(), StartOptions.none());
                      child.complete(started.pidOrThrow());
                    }
                    return TestProcess.waitForEver(me);
                  });
          spin(random.nextInt(3_000));
          node.exit(
              random.nextBoolean() ? parent.pid() : TestProcess.await(child), ExitReason.KILL);
          assertThat(parent.awaitEnd()).isEqualTo(ExitReason.KILLED);
        });
    await().atMost(SOON).until(() -> node.processCount() == 0);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void whoWaitsForRoomIsAlwaysWoken(long seed) {
    var asked = new AtomicInteger();
    var woken = new AtomicInteger();
    var options = StartOptions.named("small").maxQueue(4);
    storm(
        seed,
        random -> {
          node.start(Scripted.server(), options);
          for (var i = random.nextInt(12); i > 0; i--) {
            node.cast(ServerRef.named("small"), Scripted.ADD_ONE);
          }
          node.locate("small")
              .ifPresent(server -> {
                asked.incrementAndGet();
                server.whenRoom(woken::incrementAndGet);
                if (random.nextInt(20) == 0) {
                  node.exit(server.pid(), ExitReason.KILL);
                }
              });
        });
    await().atMost(SOON).untilAsserted(() -> assertThat(woken).hasValue(asked.get()));
  }
}
