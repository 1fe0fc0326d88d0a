package dev.genserver.runtime;

import static dev.genserver.runtime.TestProcess.SOON;
import static dev.genserver.runtime.TestProcess.outside;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.CallException;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.DynamicSupervisorSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.Strategy;
import dev.genserver.sdk.Supervisor;
import dev.genserver.sdk.SupervisorSpec;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Supervisors whose children are killed, added, ended and deleted by many at once. When it is calm
/// again, what the supervisor says, what lives, and who holds the names is the same.
class SupervisionRaceTest {

  private static final int THREADS = 4;
  private static final int STEPS = 250;
  private static final int CHILDREN = 6;

  @AutoClose private final Node node = Node.create();

  /// What is logged by the hundred, kept off the console.
  @AutoClose final LogCapture restarts = LogCapture.of(Supervision.class);

  @AutoClose final LogCapture crashes = LogCapture.of(CrashReport.class);

  static Stream<Arguments> storms() {
    return Stream.of(Strategy.values())
        .flatMap(strategy -> IntStream.of(1, 2, 3).mapToObj(seed -> Arguments.of(strategy, seed)));
  }

  private static void storm(long seed, Consumer<Random> step) {
    IntStream.range(0, THREADS)
        .mapToObj(thread ->
            outside(() -> {
              var random = new Random(seed * 31 + thread);
              for (var i = 0; i < STEPS; i++) {
                step.accept(random);
              }
              return true;
            }))
        .toList()
        .forEach(TestProcess::await);
  }

  private static final List<Restart> RESTARTS =
      List.of(Restart.PERMANENT, Restart.TRANSIENT, Restart.TEMPORARY);

  private static ChildSpec child(int number) {
    return ChildSpec.named("child" + number, Scripted::trapping).restart(RESTARTS.get(number % 3));
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("storms")
  void supervisorKnowsItsChildrenAfterAStorm(Strategy strategy, int seed) {
    var supervisor = start(strategy);
    var handle = node.supervisor(supervisor);
    storm(
        seed,
        random -> {
          var number = random.nextInt(CHILDREN);
          var id = "child" + number;
          switch (random.nextInt(8)) {
            case 0 -> handle.startChild(child(number));
            case 1 -> handle.terminateChild(id);
            case 2 -> handle.restartChild(id);
            case 3 -> handle.deleteChild(id);
            case 4 -> handle.whichChildren();
            default -> crash(id, random);
          }
        });
    await().atMost(SOON).untilAsserted(() -> assertCalm(supervisor));
    node.stop(supervisor);
    assertThat(node.processCount()).isZero();
    assertThat(node.names()).isEmpty();
  }

  private Pid start(Strategy strategy) {
    var children = IntStream.range(0, CHILDREN).mapToObj(SupervisionRaceTest::child).toList();
    var spec =
        switch (strategy) {
          case ONE_FOR_ONE -> SupervisorSpec.oneForOne(children);
          case ONE_FOR_ALL -> SupervisorSpec.oneForAll(children);
          case REST_FOR_ONE -> SupervisorSpec.restForOne(children);
        };
    return node.start(spec.intensity(Integer.MAX_VALUE, Duration.ofSeconds(1)), StartOptions.none())
        .pidOrThrow();
  }

  private void crash(String id, Random random) {
    node.whereis(ServerRef.named(id))
        .ifPresent(pid -> {
          switch (random.nextInt(3)) {
            case 0 -> node.exit(pid, ExitReason.KILL);
            case 1 -> node.cast(pid, Scripted.append("crash: the state is no list"));
            default -> stopQuietly(pid);
          }
        });
  }

  private void stopQuietly(Pid pid) {
    try {
      node.stop(pid, ExitReason.NORMAL, SOON);
    } catch (CallException ended) {
      assertThat(ended.reason()).isNotEqualTo(ExitReason.TIMEOUT);
    }
  }

  /// What runs is what the supervisor says, under its name, and nothing else runs.
  private void assertCalm(Pid supervisor) {
    var children = node.supervisor(supervisor).whichChildren();
    var running = children.stream().flatMap(child -> child.pid().stream()).toList();
    assertThat(children).noneMatch(Supervisor.Child::restarting);
    assertThat(running).allMatch(node::isAlive).doesNotHaveDuplicates();
    assertThat(node.processCount()).isEqualTo(1 + running.size());
    for (var child : children) {
      assertThat(node.whereis(ServerRef.named(child.id()))).as(child.id()).isEqualTo(child.pid());
    }
    var counts = node.supervisor(supervisor).countChildren();
    assertThat(counts.active()).isEqualTo(running.size());
    assertThat(counts.specs()).isEqualTo(children.size());
    var links = node.inspect(supervisor).orElseThrow().links();
    assertThat(links).isEqualTo(running.size());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(ints = {1, 2, 3})
  void dynamicSupervisorKnowsItsChildrenAfterAStorm(int seed) {
    var supervisor =
        node.start(
                DynamicSupervisorSpec.create()
                    .maxChildren(50)
                    .intensity(Integer.MAX_VALUE, Duration.ofSeconds(1)),
                StartOptions.none())
            .pidOrThrow();
    var handle = node.dynamicSupervisor(supervisor);
    var spec =
        RESTARTS.stream()
            .map(restart ->
                ChildSpec.worker("any", Scripted::trapping, StartOptions.none()).restart(restart))
            .toList();
    storm(
        seed,
        random -> {
          if (random.nextInt(3) > 0) {
            var result = handle.startChild(spec.get(random.nextInt(3)));
            assertThat(result).isInstanceOfAny(StartResult.Ok.class, StartResult.Failed.class);
          } else {
            handle.whichChildren().stream()
                .skip(random.nextInt(5))
                .findFirst()
                .flatMap(Supervisor.Child::pid)
                .ifPresent(pid -> {
                  switch (random.nextInt(3)) {
                    case 0 -> handle.terminateChild(pid);
                    case 1 -> node.exit(pid, ExitReason.KILL);
                    default -> stopQuietly(pid);
                  }
                });
          }
        });
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          var children = handle.whichChildren();
          assertThat(children).hasSizeLessThanOrEqualTo(50);
          assertThat(children).allMatch(child -> child.pid().filter(node::isAlive).isPresent());
          assertThat(node.processCount()).isEqualTo(1 + children.size());
        });
    node.stop(supervisor);
    assertThat(node.processCount()).isZero();
  }
}
