package dev.genserver.runtime;

import static dev.genserver.runtime.TestProcess.await;
import static dev.genserver.runtime.TestProcess.endOf;
import static dev.genserver.runtime.TestProcess.idle;
import static dev.genserver.runtime.TestProcess.mailboxIsEmpty;
import static dev.genserver.runtime.TestProcess.receive;
import static dev.genserver.runtime.TestProcess.waitForEver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.genserver.sdk.ExitException;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Section LINK of the conformance table, a test a row.
class LinkConformanceTest {

  private static final ExitReason ROTTEN = ExitReason.of("rotten");

  @AutoClose private final Node node = Node.create();

  private Pid endedProcess() {
    var pid = node.start(Scripted.server(), StartOptions.none()).pidOrThrow();
    node.stop(pid);
    return pid;
  }

  @Test
  void link01_monitorTooLate() {
    var ended = endedProcess();
    var nobody = ServerRef.named("nobody");
    var watcher =
        TestProcess.spawn(
            node,
            me -> {
              var first = me.monitor(ended);
              var second = me.monitor(nobody);
              assertThat(receive(me))
                  .isEqualTo(new InfoMessage.Down(first, ended, ExitReason.NOPROC));
              assertThat(receive(me))
                  .isEqualTo(new InfoMessage.Down(second, nobody, ExitReason.NOPROC));
              return true;
            });
    assertThat(watcher.awaitResult()).isTrue();
  }

  @Test
  void link02_severalMonitors() {
    var target = idle(node);
    var watcher =
        TestProcess.spawn(
            node,
            me -> {
              var one = me.monitor(target.pid());
              var other = me.monitor(target.pid());
              me.exit(target.pid(), ROTTEN);
              var downs = new HashSet<>();
              for (var i = 0; i < 2; i++) {
                if (receive(me) instanceof InfoMessage.Down(var ref, var server, var reason)) {
                  assertThat(server).isEqualTo(target.pid());
                  assertThat(reason).isEqualTo(ROTTEN);
                  downs.add(ref);
                }
              }
              return downs.equals(Set.of(one, other)) && mailboxIsEmpty(me);
            });
    assertThat(watcher.awaitResult()).isTrue();
  }

  @Test
  void link03_demonitor() {
    var first = idle(node);
    var second = idle(node);
    var watcher =
        TestProcess.spawn(
            node,
            me -> {
              me.demonitor(me.monitor(first.pid()));
              me.exit(first.pid(), ROTTEN);
              var late = me.monitor(second.pid());
              me.exit(second.pid(), ROTTEN); // its message waits when this has returned
              me.demonitor(late);
              return mailboxIsEmpty(me);
            });
    assertThat(watcher.awaitResult()).isTrue();
  }

  @Test
  void link03_demonitorInAServer() {
    var target = idle(node);
    var server = Scripted.server();
    var pid = node.start(server, StartOptions.none()).pidOrThrow();
    Scripted.Request monitorKillDemonitor =
        (_, state) -> {
          var me = ProcessContext.current();
          var ref = me.monitor(target.pid());
          me.exit(target.pid(), ExitReason.KILL);
          me.demonitor(ref);
          return Answers.reply(0, state);
        };
    node.call(pid, monitorKillDemonitor, Object.class);
    node.call(pid, Scripted.GET, Object.class);
    assertThat(server.seen).isEmpty();
  }

  @Test
  void link04_linkTooLate() {
    var ended = endedProcess();
    var plain =
        TestProcess.spawn(
            node,
            me -> {
              assertThatExceptionOfType(ExitException.class)
                  .isThrownBy(() -> me.link(ended))
                  .satisfies(e -> assertThat(e.reason()).isEqualTo(ExitReason.NOPROC));
              return mailboxIsEmpty(me);
            });
    var trapping =
        TestProcess.spawnTrapping(
            node,
            me -> {
              me.link(ended);
              return receive(me);
            });
    assertThat(plain.awaitResult()).isTrue();
    assertThat(trapping.awaitResult()).isEqualTo(new InfoMessage.Exit(ended, ExitReason.NOPROC));
  }

  @Test
  void link05_aLinkIsOneLink() {
    var first = idle(node);
    var second = idle(node);
    var partner =
        TestProcess.spawnTrapping(
            node,
            me -> {
              me.link(first.pid());
              me.link(first.pid());
              me.exit(first.pid(), ROTTEN);
              assertThat(receive(me)).isEqualTo(new InfoMessage.Exit(first.pid(), ROTTEN));
              assertThat(mailboxIsEmpty(me)).isTrue();

              me.link(second.pid());
              me.link(second.pid());
              me.unlink(second.pid());
              me.exit(second.pid(), ROTTEN);
              return mailboxIsEmpty(me);
            });
    assertThat(partner.awaitResult()).isTrue();
  }

  /// How a plain process ends whose partner by a link ends with `reason`; empty if it lives.
  private CompletableFuture<ExitReason> endOfPartner(ExitReason reason) {
    var linked = new Gate();
    var target =
        TestProcess.spawn(
            node,
            _ -> {
              linked.pass();
              throw new ExitException(reason);
            });
    var partner =
        TestProcess.spawn(
            node,
            me -> {
              me.link(target.pid());
              linked.open();
              return waitForEver(me);
            });
    assertThat(target.awaitEnd()).isEqualTo(reason);
    return partner.end();
  }

  @Test
  void link06_whatALinkCarries() {
    for (var reason : List.of(ExitReason.SHUTDOWN, ROTTEN, ExitReason.KILL)) {
      assertThat(await(endOfPartner(reason))).isEqualTo(reason);
    }
    assertThat(endOfPartner(ExitReason.NORMAL)).isNotDone();
    assertThat(node.processCount()).isEqualTo(1);
  }

  private ExitReason exitSeenByALink(Consumer<ProcessContext> body) {
    return TestProcess.spawnTrapping(
            node,
            me -> {
              var pid = me.spawnLink(() -> body.accept(ProcessContext.current()));
              return receive(me) instanceof InfoMessage.Exit(var from, var reason)
                      && from.equals(pid)
                  ? reason
                  : ExitReason.of("another message");
            })
        .awaitResult();
  }

  @Test
  void link07_reasonsSeenByLinks() {
    try (var _ = LogCapture.of(PlainProcess.class)) {
      var boom = new IllegalStateException("boom");
      assertThat(exitSeenByALink(_ -> {})).isEqualTo(ExitReason.NORMAL);
      assertThat(exitSeenByALink(_ -> exit(ROTTEN))).isEqualTo(ROTTEN);
      assertThat(exitSeenByALink(_ -> throwIt(boom))).isEqualTo(new ExitReason.Failure(boom));
      assertThat(exitSeenByALink(_ -> exit(ExitReason.KILL))).isEqualTo(ExitReason.KILL);
    }
  }

  private static void exit(ExitReason reason) {
    throw new ExitException(reason);
  }

  private static void throwIt(RuntimeException thrown) {
    throw thrown;
  }

  @Test
  void link08_killFromOutside() {
    var target = TestProcess.spawnTrapping(node, TestProcess::waitForEver);
    var linked = new Gate();
    var trapping =
        TestProcess.spawnTrapping(
            node,
            me -> {
              me.link(target.pid());
              linked.open();
              return receive(me);
            });
    linked.pass();
    var linkedToo = new Gate();
    var plain =
        TestProcess.spawn(
            node,
            me -> {
              me.link(target.pid());
              linkedToo.open();
              return waitForEver(me);
            });
    linkedToo.pass();
    node.exit(target.pid(), ExitReason.KILL);
    assertThat(target.awaitEnd()).isEqualTo(ExitReason.KILLED);
    assertThat(trapping.awaitResult())
        .isEqualTo(new InfoMessage.Exit(target.pid(), ExitReason.KILLED));
    assertThat(plain.awaitEnd()).isEqualTo(ExitReason.KILLED);
  }

  @Test
  void link09_chain() {
    assertThat(await(endOfChain(3))).isEqualTo(ROTTEN);
  }

  @Test
  void link09_chainThatIsLongerThanAStackIsDeep() {
    assertThat(await(endOfChain(20_000))).isEqualTo(ROTTEN);
    assertThat(node.processCount()).isZero();
  }

  /// Links servers one to the next, ends the first, and tells how the last one ended.
  private CompletableFuture<ExitReason> endOfChain(int length) {
    var first = start();
    var last = first;
    for (var i = 1; i < length; i++) {
      var next = start();
      Scripted.Message link =
          state -> {
            ProcessContext.current().link(next);
            return Answers.noReply(state);
          };
      node.cast(last, link);
      node.call(last, Scripted.GET, Object.class);
      last = next;
    }
    var end = endOf(node, last);
    node.exit(first, ROTTEN);
    return end;
  }

  private Pid start() {
    return node.start(Scripted.server(), StartOptions.none()).pidOrThrow();
  }

  @Test
  void link10_messageBeforeTheEnd() {
    for (var i = 0; i < 300; i++) {
      var receiver =
          TestProcess.spawn(
              node,
              me -> {
                var sender =
                    me.spawn(() -> {
                      var it = ProcessContext.current();
                      if (receive(it) instanceof InfoMessage.Message(Pid to)) {
                        it.send(to, "message");
                      }
                    });
                var ref = me.monitor(sender);
                me.send(sender, me.self());
                return List.of(
                    receive(me).equals(new InfoMessage.Message("message")),
                    receive(me).equals(new InfoMessage.Down(ref, sender, ExitReason.NORMAL)));
              });
      assertThat(receiver.awaitResult()).containsExactly(true, true);
    }
  }

  @Test
  void linkWithOneselfDoesNothing() {
    var process =
        TestProcess.spawn(
            node,
            me -> {
              me.link(me.self());
              return me.receive(Duration.ZERO).isEmpty();
            });
    assertThat(process.awaitResult()).isTrue();
    assertThat(process.awaitEnd()).isEqualTo(ExitReason.NORMAL);
  }
}
