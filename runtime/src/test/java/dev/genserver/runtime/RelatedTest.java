package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.noReply;
import static dev.genserver.runtime.TestProcess.SOON;
import static dev.genserver.runtime.TestProcess.outside;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.runtime.Related.Peer;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// With whom a process has to do, seen from outside.
class RelatedTest {

  private static final ServerRef A = ServerRef.named("a");

  @AutoClose private final Node node = Node.create();

  private final Peer server =
      new Peer(node.start(Scripted.server(), StartOptions.named("a")).pidOrThrow(), A);

  private Related related(ServerRef process) {
    return node.related(process, 10).orElseThrow();
  }

  @Test
  void linksAndMonitorsAreSeenFromBothSides() {
    var other =
        TestProcess.spawnTrapping(
            node,
            me -> {
              me.link(server.pid());
              me.monitor(A);
              return TestProcess.waitForEver(me);
            });
    var peer = new Peer(other.pid(), other.pid());

    await().untilAsserted(() -> assertThat(related(A).monitoredBy()).containsExactly(peer));
    assertThat(related(A).links()).containsExactly(peer);
    assertThat(related(A).monitoring()).isEmpty();
    assertThat(related(other.pid()).links()).containsExactly(server);
    assertThat(related(other.pid()).monitoring()).containsExactly(server);
    assertThat(related(other.pid()).monitoredBy()).isEmpty();
  }

  @Test
  void onlyTheFirstAreNamed() {
    for (var i = 0; i < 5; i++) {
      TestProcess.spawn(
          node,
          me -> {
            me.monitor(A);
            return TestProcess.waitForEver(me);
          });
    }

    await().until(() -> node.inspect(A).orElseThrow().monitoredBy() == 5);
    assertThat(node.related(A, 3).orElseThrow().monitoredBy()).hasSize(3);
  }

  @Test
  void whoWatchesFromOutsideIsCountedAndNotNamed() {
    TestProcess.endOf(node, server.pid());

    assertThat(node.inspect(A).orElseThrow().monitoredBy()).isEqualTo(1);
    assertThat(related(A).monitoredBy()).isEmpty();
  }

  @Test
  void callsThatAreAnsweredLaterAreOwed() {
    Scripted.Request later =
        (from, state) -> {
          node.send(A, from);
          return noReply(state);
        };
    var caller = TestProcess.spawn(node, me -> me.call(A, later, Object.class, SOON));
    outside(() -> node.call(A, later, Object.class, SOON));

    await().until(() -> related(A).owedInAll() == 2);
    assertThat(related(A).owed())
        .allSatisfy(call -> assertThat(call.kind()).isEqualTo("call"))
        .allSatisfy(call -> assertThat(call.age()).isPresent())
        .flatExtracting(call -> call.from().stream().toList())
        .containsExactly(caller.pid());
    assertThat(node.related(A, 1).orElseThrow().owed()).hasSize(1);
    node.stop(A);
  }

  @Test
  void whoeverIsNotThereHasToDoWithNobody() {
    node.stop(A);

    assertThat(node.related(A, 10)).isEmpty();
  }
}
