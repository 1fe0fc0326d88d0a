package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.noReply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.CallException;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Registry.RegisterResult;
import dev.genserver.sdk.RegistrySpec;
import dev.genserver.sdk.Result;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Processes that register, unregister and die at once. What each thread does follows from the
/// seed; how the threads meet does not, so what is asserted holds for any meeting.
class RegistryRaceTest {

  private static final int THREADS = 6;
  private static final int STEPS = 1_000;
  private static final int PROCESSES = 12;
  private static final int KEYS = 3;

  @AutoClose private final Node node = Node.create();

  private final AtomicReferenceArray<Pid> processes = new AtomicReferenceArray<>(PROCESSES);

  /// Who believes to hold which unique key.
  private final List<AtomicReference<Pid>> holders =
      Stream.generate(AtomicReference<Pid>::new).limit(KEYS).toList();

  private final Queue<String> violations = new ConcurrentLinkedQueue<>();

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

  private void startRegistries() {
    node.start(RegistrySpec.unique(), StartOptions.named("unique"));
    node.start(RegistrySpec.duplicate(), StartOptions.named("topics"));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void noKeyHasTwoLivingHoldersAndNothingIsLeft(long seed) {
    startRegistries();
    storm(seed, random -> step(random, random.nextInt(KEYS)));
    endAll();

    assertThat(violations).isEmpty();
    assertThat(node.table.registry("unique"))
        .hasToString("registry 'unique' with 0 entries of 0 holders");
    assertThat(node.table.registry("topics"))
        .hasToString("registry 'topics' with 0 entries of 0 holders");
    assertThat(node.names()).containsExactlyInAnyOrder("unique", "topics");
    assertThat(node.processCount()).isEqualTo(2);
  }

  private void step(Random random, int key) {
    var slot = random.nextInt(PROCESSES);
    switch (random.nextInt(10)) {
      case 0, 1 -> watch(replace(slot));
      case 2 -> startNamed(key);
      case 3 -> quietly(() -> node.register(ServerRef.named("name" + key), pid(slot)));
      case 4 -> quietly(() -> node.unregister(ServerRef.named("name" + key)));
      case 5 -> quietly(() -> node.register(ServerRef.global(key), pid(slot)));
      case 6 -> node.cast(pid(slot), (Scripted.Message) state -> leave(key, state));
      default -> node.cast(pid(slot), (Scripted.Message) state -> enter(key, state));
    }
  }

  private Pid pid(int slot) {
    var pid = processes.get(slot);
    return pid == null ? new Pid(9, 9) : pid;
  }

  private Pid replace(int slot) {
    var pid =
        node.start(slot % 2 == 0 ? Scripted.server() : Scripted.trapping(), StartOptions.none())
            .pidOrThrow();
    var before = processes.getAndSet(slot, pid);
    if (before != null) {
      node.exit(before, ExitReason.KILL);
    }
    return pid;
  }

  private void startNamed(int key) {
    var options = StartOptions.none().name(ServerRef.via("unique", key));
    if (node.start(Scripted.server(), options) instanceof StartResult.Ok(Pid pid, _)) {
      holds(key, pid);
      node.exit(pid, ExitReason.KILL);
    }
  }

  private void watch(Pid pid) {
    Watcher watcher =
        (ended, _) -> {
          if (!node.table.registry("unique").own(ended).isEmpty()
              || !node.table.registry("topics").own(ended).isEmpty()) {
            violations.add(ended + " has ended and has entries");
          }
        };
    var process = node.table.find(pid);
    if (process != null) {
      process.watch(node.nextMonitorRef(), watcher);
    }
  }

  private Result<Object> enter(int key, Object state) {
    var me = ProcessContext.current();
    me.registry("topics").register(key, state);
    if (me.registry("unique").register(key, state) instanceof RegisterResult.Ok) {
      holds(key, me.self());
    }
    return noReply(state);
  }

  private Result<Object> leave(int key, Object state) {
    var me = ProcessContext.current();
    me.registry("topics").unregister(key);
    holders.get(key).compareAndSet(me.self(), null);
    me.registry("unique").unregister(key);
    return noReply(state);
  }

  private void holds(int key, Pid pid) {
    var before = holders.get(key).getAndSet(pid);
    if (before != null && node.isAlive(before) && node.isAlive(pid)) {
      violations.add("both " + before + " and " + pid + " hold " + key);
    }
  }

  private static void quietly(Runnable registering) {
    try {
      registering.run();
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageStartingWith("cannot ");
    }
  }

  private void endAll() {
    IntStream.range(0, PROCESSES).forEach(slot -> node.exit(pid(slot), ExitReason.KILL));
    await().until(() -> node.processCount() == 2);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void holdersGoWithTheirRegistryWheneverItEnds(long seed) {
    startRegistries();
    storm(
        seed,
        random -> {
          var slot = random.nextInt(PROCESSES);
          switch (random.nextInt(40)) {
            case 0 -> restart("unique", RegistrySpec.unique(), random);
            case 1 -> restart("topics", RegistrySpec.duplicate(), random);
            case 2, 3, 4, 5 -> replace(slot);
            default -> {
              var key = random.nextInt(99);
              node.cast(pid(slot), (Scripted.Message) state -> enterIfThere(key, state));
            }
          }
        });
    stopQuietly(ServerRef.named("unique"));
    node.whereis(ServerRef.named("topics")).ifPresent(pid -> node.exit(pid, ExitReason.KILL));
    await()
        .untilAsserted(() ->
            assertThat(node.table.processes())
                .isNotEmpty()
                .allSatisfy(process -> assertThat(process.registries()).isZero()));
  }

  private Result<Object> enterIfThere(int key, Object state) {
    quietlyThere(() -> ProcessContext.current().registry("topics").register(key, state));
    quietlyThere(() -> ProcessContext.current().registry("unique").register(key, state));
    return noReply(state);
  }

  private static void quietlyThere(Runnable registering) {
    try {
      registering.run();
    } catch (IllegalArgumentException gone) {
      assertThat(gone).hasMessageContaining("is unknown");
    }
  }

  private void restart(String name, RegistrySpec spec, Random random) {
    var registry = ServerRef.named(name);
    if (random.nextBoolean()) {
      node.whereis(registry).ifPresent(pid -> node.exit(pid, ExitReason.KILL));
    } else {
      stopQuietly(registry);
    }
    node.start(spec, StartOptions.named(name));
  }

  private void stopQuietly(ServerRef registry) {
    try {
      node.stop(registry, ExitReason.NORMAL, TestProcess.SOON);
    } catch (CallException endedAlready) {
      assertThat(endedAlready.reason()).isIn(ExitReason.NOPROC, ExitReason.KILLED);
    }
  }
}
