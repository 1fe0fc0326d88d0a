package dev.genserver.runtime;

import static dev.genserver.runtime.Scripted.ADD;
import static dev.genserver.runtime.Scripted.GET;
import static dev.genserver.runtime.TestProcess.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.DynamicSupervisorSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.PartitionSupervisor;
import dev.genserver.sdk.PartitionSupervisorSpec;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.Strategy;
import dev.genserver.sdk.Supervisor;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Section PART of the conformance table, a test a row, and what Elixir does around the rows.
class PartConformanceTest {

  private static final ChildSpec CHILD =
      ChildSpec.worker("child", Scripted::server, StartOptions.none());

  @AutoClose private final Node node = Node.create();
  @AutoClose private final LogCapture log = LogCapture.of(Supervision.class);

  private PartitionSupervisor start(PartitionSupervisorSpec spec) {
    assertThat(node.start(spec, StartOptions.named("parts"))).isInstanceOf(StartResult.Ok.class);
    return node.partitions("parts");
  }

  private PartitionSupervisor start(int partitions) {
    return start(PartitionSupervisorSpec.of(CHILD).partitions(partitions));
  }

  private Pid holder(Object key) {
    return node.whereis(ServerRef.partition("parts", key)).orElseThrow();
  }

  private Object call(Object key, Scripted.Request request) {
    return node.call(ServerRef.partition("parts", key), request, Object.class);
  }

  @Test
  void part01_numberOfPartitions() {
    var three = start(3);
    assertThat(three.partitions()).isEqualTo(3);
    assertThat(three.whichChildren())
        .extracting(Supervisor.Child::id)
        .containsExactly("2", "1", "0");
    assertThat(three.countChildren()).isEqualTo(new Supervisor.Counts(3, 3, 0, 3));

    node.start(PartitionSupervisorSpec.of(CHILD), StartOptions.named("default"));
    assertThat(node.partitions("default").partitions())
        .isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void part02_integerKeys() {
    start(4);
    var partitions = IntStream.range(0, 4).mapToObj(this::holder).toList();
    assertThat(partitions).doesNotHaveDuplicates();
    assertThat(Stream.of(0, 1, 2, 3, 0, 1).map(partitions::get))
        .containsExactlyElementsOf(IntStream.range(0, 6).mapToObj(this::holder).toList());
    assertThat(holder(-1)).isEqualTo(partitions.get(1));
    assertThat(holder(-6)).isEqualTo(partitions.get(2));
    assertThat(holder(-6L)).isEqualTo(partitions.get(2));
    assertThat(holder(Long.MIN_VALUE)).isEqualTo(partitions.get(0));
    assertThat(holder(Integer.MIN_VALUE)).isEqualTo(partitions.get(0));
    assertThat(holder(BigInteger.valueOf(-6))).isEqualTo(partitions.get(2));
    assertThat(holder((short) -6)).isEqualTo(holder((byte) -6)).isEqualTo(partitions.get(2));
  }

  @Test
  void part03_otherKeys() {
    start(4);
    assertThat(IntStream.range(0, 50).mapToObj(_ -> holder("key")).distinct()).hasSize(1);
    assertThat(IntStream.range(0, 200).mapToObj(i -> holder("key" + i)).distinct()).hasSize(4);
  }

  @Test
  void part04_routeCrashRoute() {
    start(3);
    call(1, ADD);
    call(2, ADD);
    var before = List.of(holder(0), holder(1), holder(2));
    node.exit(holder(1), ExitReason.KILL);
    await()
        .until(() ->
            node.whereis(ServerRef.partition("parts", 1))
                .filter(pid -> !pid.equals(before.get(1)))
                .isPresent());
    assertThat(call(1, GET)).isEqualTo(0);
    assertThat(call(2, GET)).isEqualTo(1);
    assertThat(log.lines(Level.WARNING)).singleElement().asString().contains("child=1");
    assertThat(List.of(holder(0), holder(2))).containsExactly(before.get(0), before.get(2));
  }

  /// Notes the arguments of its start.
  private static final class Noting extends GenServer<Args, Object, Object> {

    private final List<Args> starts;

    Noting(List<Args> starts) {
      this.starts = starts;
    }

    @Override
    public Init<Args> init(Args args) {
      starts.add(args);
      return ok(args);
    }
  }

  @Test
  void part05_partitionNumberAsArgument() {
    var starts = new CopyOnWriteArrayList<Args>();
    var own = Args.of("own", true);
    var child = ChildSpec.worker("child", () -> new Noting(starts), StartOptions.none().args(own));
    start(
        PartitionSupervisorSpec.of(child)
            .partitions(3)
            .withArguments((args, partition) -> args.with("partition", partition)));
    assertThat(starts)
        .containsExactly(
            own.with("partition", 0), own.with("partition", 1), own.with("partition", 2));
  }

  @Test
  void part06_misuse() {
    var unknown = node.partitions("unknown");
    assertThat(failure(unknown::partitions).reason()).isEqualTo(ExitReason.NOPROC);
    assertThat(
            failure(() -> node.call(ServerRef.partition("unknown", 1), GET, Object.class)).reason())
        .isEqualTo(ExitReason.NOPROC);
    start(2);
    assertThat(
            node.start(
                Scripted.server(), StartOptions.none().name(ServerRef.partition("parts", 1))))
        .isEqualTo(new StartResult.AlreadyStarted(holder(1)));
    var spec = PartitionSupervisorSpec.of(CHILD);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node.start(spec, StartOptions.none()))
        .withMessageContaining("needs a name");
    assertThatIllegalArgumentException().isThrownBy(() -> spec.partitions(0));
    assertThat(node.start(spec, StartOptions.named("parts")))
        .isInstanceOf(StartResult.AlreadyStarted.class);
  }

  @Test
  void partitionsThatAreSupervisorsSpreadTheWorkOfStartingChildren() {
    start(
        PartitionSupervisorSpec.of(ChildSpec.supervisor("dynamic", DynamicSupervisorSpec.create()))
            .partitions(2));
    var pids = new HashSet<Pid>();
    for (var key = 0; key < 4; key++) {
      var supervisor = node.dynamicSupervisor(ServerRef.partition("parts", key));
      pids.add(supervisor.startChild(CHILD).pidOrThrow());
    }
    assertThat(pids).hasSize(4);
    assertThat(node.dynamicSupervisor(ServerRef.partition("parts", 0)).countChildren().active())
        .isEqualTo(2);
    assertThat(node.partitions("parts").countChildren())
        .isEqualTo(new Supervisor.Counts(2, 2, 2, 0));
  }

  @Test
  void oneForAllRestartsAllPartitions() {
    start(PartitionSupervisorSpec.of(CHILD).partitions(2).strategy(Strategy.ONE_FOR_ALL));
    call(0, ADD);
    var old = holder(0);
    node.exit(holder(1), ExitReason.KILL);
    await()
        .until(() ->
            node.whereis(ServerRef.partition("parts", 0))
                .filter(pid -> !pid.equals(old))
                .isPresent());
    assertThat(call(0, GET)).isEqualTo(0);
  }

  @Test
  void resizeEndsTheLastPartitionsAndStartsThemAgain() {
    var partitions = start(3);
    var last = holder(2);
    assertThat(partitions.resize(1)).isEqualTo(3);
    assertThat(partitions.partitions()).isEqualTo(1);
    assertThat(node.isAlive(last)).isFalse();
    assertThat(holder(2)).isEqualTo(holder(0));
    assertThat(partitions.countChildren()).isEqualTo(new Supervisor.Counts(3, 1, 0, 3));
    assertThat(partitions.resize(3)).isEqualTo(1);
    assertThat(holder(2)).isNotEqualTo(holder(0)).isNotEqualTo(last);
    assertThat(partitions.resize(0)).isEqualTo(3);
    assertThat(node.whereis(ServerRef.partition("parts", 7))).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> partitions.resize(4));
  }

  @Test
  void endedSupervisorLeavesNoPartitionBehind() {
    start(2);
    var key = ServerRef.partition("parts", 0);
    node.stop(ServerRef.named("parts"));
    assertThat(node.whereis(key)).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node.start(Scripted.server(), StartOptions.none().name(key)));
  }
}
