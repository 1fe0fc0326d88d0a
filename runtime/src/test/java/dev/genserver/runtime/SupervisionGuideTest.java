package dev.genserver.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.Backoff;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.DynamicSupervisorSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.PartitionSupervisorSpec;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.Supervisor;
import dev.genserver.sdk.SupervisorSpec;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What the plugin guide shows of supervision trees.
class SupervisionGuideTest {

  @AutoClose private final Node node = Node.create();
  @AutoClose private final LogCapture log = LogCapture.of(Supervision.class);

  private static final class Room extends GenServer<Args, Object, Object> {
    @Override
    public Init<Args> init(Args args) {
      return ok(args);
    }

    @Override
    public CallResult<Args> handleCall(Object request, From from, Args state) {
      return reply(state, state);
    }
  }

  private static final class Connection extends GenServer<Integer, Object, Object> {
    @Override
    public Init<Integer> init(Args args) {
      return ok(0);
    }
  }

  private static final class Primes extends GenServer<Integer, Integer, Object> {
    @Override
    public Init<Integer> init(Args args) {
      return ok(0);
    }

    @Override
    public CallResult<Integer> handleCall(Integer limit, From from, Integer state) {
      return reply(primesBelow(limit), state);
    }

    private static int primesBelow(int limit) {
      var composite = new BitSet(limit);
      for (var n = 2; n < limit && !Thread.interrupted(); n++) {
        if (!composite.get(n)) {
          for (var multiple = 2L * n; multiple < limit; multiple += n) {
            composite.set((int) multiple);
          }
        }
      }
      return limit - 2 - composite.cardinality();
    }
  }

  @Test
  void processThatComputes() {
    var options = StartOptions.named("primes").cpuBound(true);
    var child = ChildSpec.worker("primes", Primes::new, options);

    node.start(SupervisorSpec.oneForOne(List.of(child)), StartOptions.none()).pidOrThrow();

    assertThat(node.call(ServerRef.named("primes"), 100, Integer.class)).isEqualTo(25);
    assertThat(node.inspect(ServerRef.named("primes")).orElseThrow().cpuBound()).isTrue();
  }

  @Test
  void treeOfAPlugin() {
    var children =
        List.of(
            ChildSpec.named("connection", Connection::new)
                .backoff(Backoff.exponential(Duration.ofSeconds(1), Duration.ofMinutes(1))),
            ChildSpec.supervisor(
                "rooms",
                DynamicSupervisorSpec.create()
                    .maxChildren(10_000)
                    .extraArguments(Args.of("history", 50)),
                StartOptions.named("rooms")));
    var tree = SupervisorSpec.restForOne(children).intensity(10, Duration.ofMinutes(1));
    var plugin = List.of(ChildSpec.supervisor("chat", tree));

    node.start(SupervisorSpec.oneForOne(plugin), StartOptions.none()).pidOrThrow();

    var room =
        ChildSpec.worker(
                "room", Room::new, StartOptions.named("lobby").args(Args.of("topic", "all")))
            .restart(Restart.TRANSIENT);
    var rooms = node.dynamicSupervisor(ServerRef.named("rooms"));
    var pid = rooms.startChild(room).pidOrThrow();
    assertThat(node.call(pid, "args", Args.class))
        .isEqualTo(Args.of("topic", "all").with("history", 50));
    rooms.terminateChild(pid);

    assertThat(rooms.countChildren()).isEqualTo(new Supervisor.Counts(0, 0, 0, 0));
    node.exit(node.whereis(ServerRef.named("connection")).orElseThrow(), ExitReason.KILL);
    await().until(() -> node.whereis(ServerRef.named("rooms")).isEmpty());
    await()
        .untilAsserted(() ->
            assertThat(log.lines(Level.WARNING))
                .singleElement()
                .asString()
                .contains("restart waits", "backoff=PT1S"));
  }

  @Test
  void partitions() {
    var cache = ChildSpec.worker("cache", Room::new, StartOptions.none());
    var caches =
        ChildSpec.supervisor(
            "caches",
            PartitionSupervisorSpec.of(cache)
                .withArguments((args, partition) -> args.with("partition", partition)),
            StartOptions.named("caches"));
    node.start(SupervisorSpec.oneForOne(List.of(caches)), StartOptions.none()).pidOrThrow();

    var args = node.call(ServerRef.partition("caches", "ada"), "args", Args.class);

    assertThat(args.require("partition")).isInstanceOf(Integer.class);
  }
}
