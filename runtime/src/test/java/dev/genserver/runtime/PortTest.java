package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.noReply;
import static dev.genserver.runtime.TestProcess.await;
import static dev.genserver.runtime.TestProcess.failure;
import static dev.genserver.runtime.TestProcess.outside;
import static dev.genserver.runtime.TestProcess.receive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class PortTest {

  private final Node node = Node.create();

  /// An owner that keeps what it is told.
  private static final class Owner implements Port.Owner {

    final BlockingQueue<InfoMessage> messages = new LinkedBlockingQueue<>();
    final BlockingQueue<ExitReason> ends = new LinkedBlockingQueue<>();

    @Override
    public void received(InfoMessage message) {
      messages.add(message);
    }

    @Override
    public void ended(ExitReason reason) {
      ends.add(reason);
    }

    @Override
    public String toString() {
      return "a peer";
    }

    InfoMessage next() throws InterruptedException {
      var message = messages.poll(20, TimeUnit.SECONDS);
      assertThat(message).as("a message for the port").isNotNull();
      return message;
    }
  }

  private final Owner owner = new Owner();
  private final Port port = node.openPort(owner);

  @AfterEach
  void close() {
    node.close();
  }

  private Pid counter() {
    return node.start(Scripted.server(), StartOptions.named("counter")).pidOrThrow();
  }

  @Test
  void portHasAPidAndLivesUntilItIsClosed() {
    assertThat(node.isAlive(port.pid())).isTrue();

    assertThat(port.close(ExitReason.NORMAL)).isTrue();

    assertThat(node.isAlive(port.pid())).isFalse();
    assertThat(owner.ends).containsExactly(ExitReason.NORMAL);
    assertThat(port.close(ExitReason.SHUTDOWN)).isFalse();
    assertThat(owner.ends).hasSize(1);
  }

  @Test
  void portIsAmongTheProcesses() {
    assertThat(node.table.find(port.pid()).info())
        .satisfies(info -> assertThat(info.kind()).isEqualTo(ProcessInfo.Kind.PORT))
        .satisfies(info -> assertThat(info.code()).isEqualTo("a peer"));
  }

  @Test
  void whoMonitorsAPortIsToldOfItsEnd() {
    var watching =
        TestProcess.spawn(
            node,
            me -> {
              var ref = me.monitor(port.pid());
              port.close(ExitReason.NOCONNECTION);
              return receive(me)
                  .equals(new InfoMessage.Down(ref, port.pid(), ExitReason.NOCONNECTION));
            });
    assertThat(watching.awaitResult()).isTrue();
  }

  @Test
  void whoIsLinkedToAPortEndsWithIt() {
    var linked = linkedTo(port.pid());
    port.close(ExitReason.NOCONNECTION);
    assertThat(linked.awaitEnd()).isEqualTo(ExitReason.NOCONNECTION);
  }

  @Test
  void portEndsWithWhomItIsLinkedToAndItsOwnerIsTold() throws InterruptedException {
    var linked = linkedTo(port.pid());
    node.exit(linked.pid(), ExitReason.of("crashed"));
    assertThat(owner.ends.poll(20, TimeUnit.SECONDS)).isEqualTo(ExitReason.of("crashed"));
  }

  private TestProcess<Boolean> linkedTo(Pid pid) {
    var ready = new CompletableFuture<Boolean>();
    var linked =
        TestProcess.spawn(
            node,
            me -> {
              me.link(pid);
              ready.complete(true);
              return TestProcess.waitForEver(me);
            });
    await(ready);
    return linked;
  }

  @Test
  void exitSignalEndsThePortUnlessItIsNormal() {
    node.exit(port.pid(), ExitReason.NORMAL);
    assertThat(node.isAlive(port.pid())).isTrue();
    node.exit(port.pid(), ExitReason.KILL);
    assertThat(owner.ends).containsExactly(ExitReason.KILLED);
  }

  @Test
  void stopEndsThePort() {
    node.stop(port.pid(), ExitReason.SHUTDOWN, Duration.ofSeconds(20));
    assertThat(owner.ends).containsExactly(ExitReason.SHUTDOWN);
  }

  @Test
  void messagesAndCastsReachTheOwnerWhileThePortLives() throws InterruptedException {
    node.send(port.pid(), "one");
    node.cast(port.pid(), "two");
    assertThat(owner.next()).isEqualTo(new InfoMessage.Message("one"));
    assertThat(owner.next()).isEqualTo(new InfoMessage.Message("two"));
    port.close(ExitReason.NORMAL);
    node.send(port.pid(), "three");
    assertThat(owner.messages).isEmpty();
  }

  @Test
  void callToAPortEndsWithThePort() {
    var call =
        outside(() ->
            failure(() -> node.call(port.pid(), "hello", Object.class, Duration.ofSeconds(20)))
                .reason());
    while (port.deferred() == 0) {
      Thread.onSpinWait();
    }
    port.close(ExitReason.NOCONNECTION);
    assertThat(await(call)).isEqualTo(ExitReason.NOCONNECTION);
  }

  @Test
  void monitorTellsTheEndOnce() throws InterruptedException {
    var pid = counter();
    var monitor = port.monitor(ServerRef.named("counter"));
    assertThat(monitor.pid()).isEqualTo(pid);
    node.stop(pid);
    assertThat(owner.next())
        .isEqualTo(
            new InfoMessage.Down(monitor.ref(), ServerRef.named("counter"), ExitReason.NORMAL));
    assertThat(owner.messages).isEmpty();
  }

  @Test
  void monitorOfNobodyTellsNoprocAtOnce() {
    var byName = port.monitor(ServerRef.named("nobody"));
    var gone = new Pid(1, 4711);
    var byPid = port.monitor(gone);
    assertThat(byName.pid()).isNull();
    assertThat(byPid.pid()).isEqualTo(gone);
    assertThat(owner.messages)
        .containsExactly(
            new InfoMessage.Down(byName.ref(), ServerRef.named("nobody"), ExitReason.NOPROC),
            new InfoMessage.Down(byPid.ref(), gone, ExitReason.NOPROC));
  }

  @Test
  void nothingComesAfterDemonitor() {
    var pid = counter();
    var monitor = port.monitor(pid);
    port.demonitor(monitor.ref());
    port.demonitor(new MonitorRef(Long.MAX_VALUE));
    assertThat(node.table.find(pid).watchers()).isZero();
    node.stop(pid);
    assertThat(owner.messages).isEmpty();
  }

  @Test
  void closedPortMonitorsNobodyAnyMore() {
    var pid = counter();
    port.monitor(pid);
    port.close(ExitReason.NORMAL);
    port.monitor(pid);
    assertThat(node.table.find(pid).watchers()).isZero();
    node.stop(pid);
    assertThat(owner.messages).isEmpty();
  }

  @Test
  void ownerThatFailsDoesNotKeepOthersFromBeingTold() {
    var pid = counter();
    var failing =
        node.openPort(
            new Port.Owner() {
              @Override
              public void received(InfoMessage message) {
                throw new IllegalStateException("an owner's defect");
              }

              @Override
              public void ended(ExitReason reason) {
                throw new IllegalStateException("an owner's defect");
              }
            });
    var end = TestProcess.endOf(node, pid);
    failing.monitor(pid);
    node.stop(pid);
    assertThat(await(end)).isEqualTo(ExitReason.NORMAL);
    assertThat(failing.close(ExitReason.NORMAL)).isTrue();
  }

  @Test
  void closingTheNodeEndsItsPortsAndOpensNoMore() {
    node.close();
    assertThat(owner.ends).containsExactly(ExitReason.KILLED);
    assertThatThrownBy(() -> node.openPort(owner)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void requestFromOutsideTellsWhatCameAlong() {
    var seen = new CompletableFuture<Object>();
    var pid = counter();
    node.cast(
        pid,
        (Scripted.Message)
            state -> {
              seen.complete(ProcessContext.current().request());
              return noReply(state);
            });
    assertThat(await(seen)).as("a local cast tells nothing").isEqualTo(Optional.empty());

    Scripted.Request ask =
        (from, state) ->
            Answers.reply(ProcessContext.current().request().orElseThrow().equals(from), state);
    assertThat(node.call(pid, ask, Boolean.class)).isTrue();
    var outside = new TestCall(node.time(), Long.MAX_VALUE, ask);
    node.locate(pid).orElseThrow().deliver(outside);
    assertThat(await(outside.outcome)).isEqualTo(new Outcome.Replied(true));
  }

  /// However a port's end, the end of what it monitors, and a demonitor meet: at most one message
  /// comes, and nothing is left behind.
  @TestFactory
  Stream<DynamicTest> endsAndDemonitorsThatMeetLeaveNothingBehind() {
    return LongStream.range(0, 200)
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> meet(new Random(seed))));
  }

  private void meet(Random random) throws InterruptedException {
    var mine = new Owner();
    var opened = node.openPort(mine);
    var target = node.start(Scripted.server(), StartOptions.none()).pidOrThrow();
    var process = node.table.find(target);
    var monitor = opened.monitor(target);
    var ending = after(random, () -> node.exit(target, ExitReason.KILL));
    var closing =
        after(random, random.nextBoolean() ? () -> opened.close(ExitReason.NORMAL) : () -> {});
    var demonitoring = after(random, () -> opened.demonitor(monitor.ref()));
    demonitoring.join();
    ending.join();
    closing.join();
    opened.close(ExitReason.NORMAL);
    assertThat(mine.messages).hasSizeLessThanOrEqualTo(1);
    assertThat(mine.ends).hasSize(1);
    assertThat(process.watchers()).isZero();
    assertThat(node.isAlive(opened.pid())).isFalse();
  }

  private static Thread after(Random random, Runnable task) {
    var spins = random.nextInt(2_000);
    return Thread.ofPlatform()
        .start(() -> {
          for (var i = 0; i < spins; i++) {
            Thread.onSpinWait();
          }
          task.run();
        });
  }
}
