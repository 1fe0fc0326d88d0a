package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.noReply;
import static dev.genserver.runtime.Answers.reply;
import static dev.genserver.runtime.TestProcess.SOON;
import static dev.genserver.runtime.TestProcess.await;
import static dev.genserver.runtime.TestProcess.endOf;
import static dev.genserver.runtime.TestProcess.outside;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.SupervisorSpec;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import java.util.logging.Level;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class CensusTest {

  private static final String SERVER = Scripted.class.getName();

  @AutoClose private final Node node = Node.create();
  @AutoClose private final LogCapture crashes = LogCapture.of(CrashReport.class);

  private Pid start(StartOptions options) {
    return node.start(Scripted.server(), options).pidOrThrow();
  }

  private Pid start() {
    return start(StartOptions.none());
  }

  private static Census.Group of(Census census, String code) {
    return census.groups().stream()
        .filter(group -> group.code().equals(code))
        .findFirst()
        .orElseThrow();
  }

  private Census.Group scripted() {
    return of(node.census(), SERVER);
  }

  private void callTimes(Pid pid, int times) {
    for (var i = 0; i < times; i++) {
      node.call(pid, Scripted.ADD, Integer.class);
    }
  }

  /// The counters of the last message are written after its answer.
  private void awaitReceived(long received, long replied) {
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(scripted().counters())
                .extracting(ProcessInfo.Counters::received, ProcessInfo.Counters::replied)
                .containsExactly(received, replied));
  }

  @Test
  void countsWhatServersOfAClassHaveDoneTogether() {
    callTimes(start(), 3);
    var second = start();
    callTimes(second, 2);
    node.cast(second, Scripted.ADD_ONE);

    awaitReceived(6, 5);
    assertThat(scripted())
        .extracting(Census.Group::plugin, Census.Group::processes, Census.Group::queued)
        .containsExactly("", 2, 0L);
    assertThat(scripted().counters().busy()).isPositive();
  }

  @Test
  void whatHasEndedCountsOn() {
    var stopped = start();
    var killed = start();
    callTimes(stopped, 3);
    callTimes(killed, 4);
    awaitReceived(7, 7);
    var before = scripted().counters().busy();

    node.stop(stopped);
    node.exit(killed, ExitReason.KILL);

    await().atMost(SOON).untilAsserted(() -> assertThat(scripted().processes()).isZero());
    awaitReceived(7, 7);
    assertThat(scripted().counters().busy()).isGreaterThanOrEqualTo(before);
    callTimes(start(), 1);
    awaitReceived(8, 8);
  }

  @Test
  void messageThatItEndsWithCountsToo() {
    var pid = start();
    Scripted.Request last =
        (_, state) -> new CallResult.StopWithReply<>(ExitReason.NORMAL, "bye", state);

    assertThat(node.call(pid, last, String.class)).isEqualTo("bye");

    awaitReceived(1, 0);
    await().atMost(SOON).until(() -> scripted().processes() == 0);
    assertThat(scripted().counters().busy()).isPositive();
  }

  @Test
  void numbersNeverFallAndAreRightWhenAllHasEnded() {
    var callers = new ArrayList<CompletableFuture<Integer>>();
    var sent = new AtomicInteger();
    for (var i = 0; i < 4; i++) {
      callers.add(
          outside(() -> {
            for (var round = 0; round < 300; round++) {
              var pid = start();
              callTimes(pid, 1 + round % 3);
              sent.addAndGet(1 + round % 3);
              if (round % 2 == 0) {
                node.stop(pid);
              } else {
                node.exit(pid, ExitReason.KILL);
              }
            }
            return 0;
          }));
    }
    var all = CompletableFuture.allOf(callers.toArray(CompletableFuture[]::new));
    var last = 0L;
    var censuses = 0;
    while (!all.isDone() || censuses < 10) {
      var now =
          node.census().groups().stream()
              .filter(group -> group.code().equals(SERVER))
              .mapToLong(group -> group.counters().received())
              .sum();
      assertThat(now).isGreaterThanOrEqualTo(last);
      last = now;
      censuses++;
    }
    await(all);

    // A process is told to be killed, not to have ended, when `exit` returns.
    await().atMost(SOON).until(() -> scripted().processes() == 0);
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(scripted().counters().received()).isEqualTo(sent.get()));
  }

  @Test
  void timeOfTheMessageAtHandCountsAlsoWhenTheProcessIsKilledInIt() {
    var pid = start();
    var gate = new Gate();
    Scripted.Message stuck =
        state -> {
          gate.pass();
          return noReply(state);
        };
    node.cast(pid, stuck);
    gate.awaitArrival();
    await()
        .atMost(SOON)
        .until(() -> scripted().counters().busy().compareTo(Duration.ofMillis(20)) > 0);
    var stuckNow = node.inspect(pid).orElseThrow();
    assertThat(stuckNow.counters().orElseThrow().busy()).isZero();
    assertThat(stuckNow.atHand()).isGreaterThan(Duration.ofMillis(20));
    assertThat(stuckNow.busy()).contains(stuckNow.atHand());
    var before = scripted().counters().busy();

    node.exit(pid, ExitReason.KILL);

    await().atMost(SOON).until(() -> scripted().processes() == 0);
    // From the account of the dead process, and not what was told before.
    callTimes(start(), 1);
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(scripted().counters().busy()).isGreaterThan(before));
  }

  @Test
  void crashesAndRestartsAreCountedWhoeverLives() {
    var child = ChildSpec.named("child", Scripted::server);
    node.start(SupervisorSpec.oneForOne(List.of(child)), StartOptions.none()).pidOrThrow();
    var first = node.whereis(ServerRef.named("child")).orElseThrow();
    Scripted.Message crash =
        _ -> {
          throw new IllegalStateException("as asked");
        };

    node.cast(first, crash);

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(scripted())
                .extracting(Census.Group::crashes, Census.Group::restarts)
                .containsExactly(1L, 1L));
    await()
        .atMost(SOON)
        .until(() ->
            node.whereis(ServerRef.named("child"))
                .filter(again -> !again.equals(first))
                .isPresent());
    node.stop(ServerRef.named("child"), ExitReason.NORMAL, SOON);
    assertThat(scripted().crashes()).isEqualTo(1);
    assertThat(crashes.lines(Level.SEVERE)).hasSize(1);
  }

  @Test
  void functionsAndPortsAreGroupsOfTheirOwn() {
    var function = TestProcess.idle(node);
    node.openPort(
        new Port.Owner() {
          @Override
          public void received(InfoMessage message) {}

          @Override
          public void ended(ExitReason reason) {}
        });
    assertThat(of(node.census(), Census.FUNCTIONS).processes()).isEqualTo(1);
    assertThat(of(node.census(), Census.PORTS).processes()).isEqualTo(1);

    node.exit(function.pid(), ExitReason.of("crash"));

    function.awaitEnd();
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(of(node.census(), Census.FUNCTIONS))
                .extracting(Census.Group::processes, Census.Group::crashes)
                .containsExactly(0, 1L));
  }

  @Test
  void queuesAreSummedUpAndTheLongestIsNamed() {
    assertThat(node.census().longest()).isEmpty();
    var short1 = suspended(StartOptions.none(), 2);
    suspended(StartOptions.named("long"), 5);
    suspended(StartOptions.none(), 1);

    var census = node.census();

    assertThat(of(census, SERVER))
        .extracting(Census.Group::queued, Census.Group::longestQueue)
        .containsExactly(8L, 5);
    assertThat(census.longest()).contains(new Census.Longest("long", 5));
    node.stop(ServerRef.named("long"), ExitReason.KILL, SOON);
    assertThat(node.census().longest()).contains(new Census.Longest(short1.toString(), 2));
  }

  private Pid suspended(StartOptions options, int messages) {
    var pid = start(options);
    node.sys().suspend(pid);
    for (var i = 0; i < messages; i++) {
      node.cast(pid, Scripted.ADD_ONE);
    }
    return pid;
  }

  @Test
  void busiestAreThoseWithMostToDoThenThoseThatWereAtWorkLongest() {
    var none = start();
    var worked = start();
    callTimes(worked, 50);
    await().atMost(SOON).until(() -> scripted().counters().replied() == 50);
    var waiting = suspended(StartOptions.none(), 1);
    var most = suspended(StartOptions.none(), 3);

    assertThat(node.busiest(3)).extracting(ProcessInfo::pid).containsExactly(most, waiting, worked);
    assertThat(node.busiest(10)).extracting(ProcessInfo::pid).hasSize(4).endsWith(none);
  }

  @Test
  void classesAreToldApartUpToALimit() throws Exception {
    var bytes = bytesOf(Odd.class);
    for (var i = 0; i < Totals.LIMIT + 10; i++) {
      // Each definition is a class of its own, with a name of its own.
      var type = MethodHandles.lookup().defineHiddenClass(bytes, true).lookupClass();
      var server = (GenServer<?, ?, ?>) type.getDeclaredConstructor().newInstance();
      var pid = node.start(server, StartOptions.none()).pidOrThrow();
      var ended = endOf(node, pid);
      node.call(pid, "hello", String.class);
      node.exit(pid, ExitReason.KILL);
      await(ended);
    }

    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          var groups = node.census().groups();
          assertThat(groups).hasSizeLessThanOrEqualTo(Totals.LIMIT + 1);
          assertThat(sum(groups, group -> group.counters().received()))
              .isEqualTo(Totals.LIMIT + 10);
          assertThat(of(node.census(), Census.OTHERS).counters().received()).isEqualTo(10);
        });
  }

  private static long sum(List<Census.Group> groups, ToLongFunction<Census.Group> number) {
    return groups.stream().mapToLong(number).sum();
  }

  private static byte[] bytesOf(Class<?> type) throws Exception {
    try (var in =
        type.getResourceAsStream(
            type.getName().substring(type.getPackageName().length() + 1) + ".class")) {
      return in.readAllBytes();
    }
  }

  /// A server that is defined anew for each test of how many classes are told apart.
  static final class Odd extends GenServer<Integer, Object, Object> {

    @Override
    public Init<Integer> init(Args args) {
      return ok(0);
    }

    @Override
    public CallResult<Integer> handleCall(Object request, From from, Integer state) {
      return reply(request, state);
    }
  }
}
