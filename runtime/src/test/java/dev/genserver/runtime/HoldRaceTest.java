package dev.genserver.runtime;

import static dev.genserver.runtime.TestProcess.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.CallException;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.SupervisorSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Processes that are held and changed again and again, while everything else happens to them. What
/// is asserted holds for any meeting.
@Timeout(120)
class HoldRaceTest {

  private static final int SERVERS = 6;
  private static final int THREADS = 4;
  private static final int ROUNDS = 150;
  private static final long MOST_NANOS = 4_000_000_000L;
  private static final CodeSwitch.Limits LIMITS =
      new CodeSwitch.Limits(Duration.ofSeconds(10), Duration.ofSeconds(10));

  private static final String SOURCE =
      """
      package example;
      import dev.genserver.sdk.*;
      import java.util.function.*;
      public final class Server extends GenServer<Server.State, Object, Object> {
        public record State(int handled) {}
        @Override public Init<State> init(Args args) { return ok(new State(0)); }
        @Override public CallResult<State> handleCall(Object request, From from, State state) {
          if (request instanceof Runnable work) { work.run(); }
          return reply(state.handled(), state);
        }
        @Override public Result<State> handleCast(Object message, State state) {
          if (message instanceof Runnable work) { work.run(); }
          return noReply(new State(state.handled() + 1));
        }
        @Override public CodeChanged<State> codeChange(CodeChange<State> change) {
          Thread.yield();
          return changed(change.state());
        }
      }
      """;

  @TempDir Path folder;
  @AutoClose private final Node node = Node.create();
  private final Map<String, Integer> last = new ConcurrentHashMap<>();
  private final Map<Pid, AtomicBoolean> busy = new ConcurrentHashMap<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  private static List<ChildSpec> children(Version version) {
    return IntStream.range(0, SERVERS)
        .mapToObj(i -> ChildSpec.named("s" + i, version.factory()))
        .toList();
  }

  private static CodeReplacement replacement(Pid supervisor, Version from, Version to) {
    return new CodeReplacement(
        from.loader(),
        from.loader().getName(),
        to.loader(),
        to.loader().getName(),
        supervisor,
        children(to),
        _ -> Optional.of(to.factory()),
        Map.of(),
        Set.of());
  }

  /// A message of one sender, with its place in the order of these.
  private Runnable numbered(String sender, int number) {
    return () ->
        alone(() -> {
          var way = sender + " to " + ProcessContext.current().self();
          var before = last.put(way, number);
          if (before != null && before >= number) {
            failures.add("%s: %d after %d".formatted(way, number, before));
          }
        });
  }

  private Runnable calling(ServerRef other) {
    return () ->
        alone(() -> {
          try {
            ignore(
                ProcessContext.current().call(other, "get", Object.class, Duration.ofSeconds(8)));
          } catch (CallException e) {
            if (e.reason().equals(ExitReason.TIMEOUT)) {
              failures.add("no answer to " + ProcessContext.current().self() + " from " + other);
            }
          }
        });
  }

  /// A process that was killed may still be in its callback, but it has another pid then.
  private void alone(Runnable work) {
    var mine = busy.computeIfAbsent(ProcessContext.current().self(), _ -> new AtomicBoolean());
    if (!mine.compareAndSet(false, true)) {
      failures.add("two at once in " + ProcessContext.current().self());
    }
    try {
      work.run();
    } finally {
      mine.set(false);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void heldProcessesLoseNothingAndAreNeverInTwoHands(long seed) {
    var versions = List.of(Version.of(folder, "v1", SOURCE), Version.of(folder, "v2", SOURCE));
    var top =
        node.start(
                SupervisorSpec.oneForOne(children(versions.getFirst()))
                    .intensity(1_000_000, Duration.ofSeconds(1)),
                StartOptions.none())
            .pidOrThrow();
    var over = new AtomicBoolean();
    var calls = new ConcurrentLinkedQueue<TestCall>();
    var timeouts = new AtomicInteger();
    var threads =
        IntStream.range(0, THREADS)
            .mapToObj(thread ->
                outside(() -> {
                  var random = new Random(seed * 31 + thread);
                  for (var i = 0; !over.get(); i++) {
                    step(random, "thread " + thread, i, timeouts, calls);
                  }
                }))
            .toList();
    var results = new ArrayList<CodeSwitch.Result>();
    var begin = System.nanoTime();
    for (var i = 0; i < ROUNDS && System.nanoTime() - begin < MOST_NANOS; i++) {
      var change = replacement(top, versions.get(i % 2), versions.get(1 - i % 2));
      results.add(new CodeSwitch(node, change, LIMITS).run());
    }
    over.set(true);
    threads.forEach(TestProcess::await);

    IntStream.range(0, SERVERS).forEach(i -> resume(name(i)));
    assertThat(failures).isEmpty();
    assertThat(timeouts).hasValue(0);
    assertThat(results).allMatch(CodeSwitch.Result.Switched.class::isInstance);
    await().atMost(SOON).until(() -> calls.stream().allMatch(call -> call.outcome.isDone()));
    assertThat(calls).allSatisfy(call -> assertThat(call.told).hasValue(1));
    for (var i = 0; i < SERVERS; i++) {
      var name = name(i);
      await().atMost(SOON).until(() -> answers(name));
    }
    await().atMost(SOON).until(() -> node.awaitIdle(1_000_000));
  }

  /// On a platform thread: one that asks for a server that has just ended never waits, and must not
  /// keep its supervisor from a carrier.
  private static CompletableFuture<Void> outside(Runnable work) {
    return CompletableFuture.runAsync(work, task -> Thread.ofPlatform().daemon().start(task));
  }

  private static ServerName name(int i) {
    return ServerRef.named("s" + i);
  }

  private boolean answers(ServerName name) {
    try {
      return node.call(name, "get", Object.class) instanceof Integer;
    } catch (CallException e) {
      return false;
    }
  }

  private void step(
      Random random, String me, int number, AtomicInteger timeouts, Queue<TestCall> calls) {
    var index = random.nextInt(SERVERS);
    var name = name(index);
    try {
      switch (random.nextInt(16)) {
        case 0 -> node.whereis(name).ifPresent(pid -> node.exit(pid, ExitReason.KILL));
        case 1 -> node.stop(name, ExitReason.NORMAL, Duration.ofSeconds(15));
        case 2 -> {
          node.sys().suspend(name);
          node.cast(name, numbered(me, number));
          resume(name);
        }
        case 3 ->
            ignore(
                node.call(
                    name,
                    calling(name((index + 1) % SERVERS)),
                    Object.class,
                    Duration.ofSeconds(15)));
        case 7 -> ignore(node.sys().urgently().getState(name));
        case 4 -> ignore(node.sys().getState(name));
        case 5 ->
            node.locate("s" + index)
                .ifPresent(server -> {
                  var call = new TestCall(node.time(), Long.MAX_VALUE, Scripted.GET);
                  calls.add(call);
                  server.deliver(call);
                });
        case 6 -> ignore(node.call(name, "get", Object.class, Duration.ofSeconds(15)));
        default -> node.cast(name, numbered(me, number));
      }
    } catch (CallException e) {
      if (e.reason().equals(ExitReason.TIMEOUT)) {
        timeouts.incrementAndGet();
      }
    }
  }

  private void resume(ServerName name) {
    try {
      node.sys().resume(name);
    } catch (CallException _) {
      // It has ended, and another is not suspended.
    }
  }

  private static void ignore(Object ignored) {}
}
