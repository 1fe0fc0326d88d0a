package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.noReply;
import static dev.genserver.runtime.Answers.ok;
import static dev.genserver.runtime.Scripted.GET;
import static dev.genserver.runtime.TestProcess.SOON;
import static dev.genserver.runtime.TestProcess.mailboxIsEmpty;
import static dev.genserver.runtime.TestProcess.outside;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.Action;
import dev.genserver.sdk.ExitException;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Section INIT of the conformance table, a test a row.
class InitConformanceTest {

  private static final StartOptions NAMED = StartOptions.named("server");
  private static final ServerName NAME = ServerRef.named("server");
  private static final ExitReason NOT_TODAY = ExitReason.of("not_today");

  @AutoClose private final Node node = Node.create();

  private void assertNothingIsLeft(Scripted server) {
    assertThat(node.whereis(NAME)).isEmpty();
    assertThat(server.seen).as("terminate is not called").isEmpty();
  }

  @Test
  void init01_startWaitsForInit() {
    var gate = new Gate();
    var server = Scripted.server().onInit(() -> passing(gate));
    var start = outside(() -> node.start(server, NAMED));
    gate.awaitArrival();
    await().during(Duration.ofMillis(60)).until(() -> !start.isDone());
    gate.open();
    assertThat(TestProcess.await(start)).isInstanceOf(StartResult.Ok.class);
  }

  private static Init<Object> passing(Gate gate) {
    gate.pass();
    return ok(0);
  }

  @Test
  void init02_initSaysIgnore() {
    var server = Scripted.server().onInit(Init.Ignore::new);
    assertThat(node.start(server, NAMED)).isEqualTo(new StartResult.Ignore());
    assertNothingIsLeft(server);

    var starter = TestProcess.spawn(node, me -> me.startLink(server, NAMED));
    assertThat(starter.awaitResult()).isEqualTo(new StartResult.Ignore());
    assertThat(starter.awaitEnd()).isEqualTo(ExitReason.NORMAL);
  }

  @Test
  void init03_initSaysStop() {
    var server = Scripted.server().onInit(() -> new Init.Stop<>(NOT_TODAY));
    assertThat(node.start(server, NAMED)).isEqualTo(new StartResult.Failed(NOT_TODAY));
    assertNothingIsLeft(server);
  }

  @Test
  void init04_initSaysStopToALinkedTrappingStarter() {
    var starter =
        TestProcess.spawnTrapping(
            node,
            me -> {
              var server = Scripted.server().onInit(() -> new Init.Stop<>(NOT_TODAY));
              assertThat(me.startLink(server, NAMED)).isEqualTo(new StartResult.Failed(NOT_TODAY));
              return mailboxIsEmpty(me);
            });
    assertThat(starter.awaitResult()).isTrue();
  }

  @Test
  void init05_initSaysStopToALinkedPlainStarter() {
    var server = Scripted.server().onInit(() -> new Init.Stop<>(NOT_TODAY));
    var starter = TestProcess.spawn(node, me -> me.startLink(server, NAMED));
    assertThat(starter.awaitEnd()).isEqualTo(NOT_TODAY);
    assertThat(starter.result()).isNotDone();
  }

  @Test
  @SuppressWarnings("NullAway") // null is the one wrong result that compiles
  void init06_initFails() {
    var boom = new IllegalStateException("boom");
    var raises =
        Scripted.server()
            .onInit(() -> {
              throw boom;
            });
    var exits =
        Scripted.server()
            .onInit(() -> {
              throw new ExitException(ExitReason.of("gone"));
            });
    var nonsense = Scripted.server().onInit(() -> null);

    assertThat(node.start(raises, NAMED))
        .isEqualTo(new StartResult.Failed(new ExitReason.Failure(boom)));
    assertThat(node.start(exits, NAMED)).isEqualTo(new StartResult.Failed(ExitReason.of("gone")));
    assertThat(node.start(nonsense, NAMED))
        .isEqualTo(new StartResult.Failed(new ExitReason.BadReturnValue(null)));
    List.of(raises, exits, nonsense).forEach(this::assertNothingIsLeft);
  }

  @Test
  void init07_startTimeout() {
    var gate = new Gate();
    var completed = new AtomicBoolean();
    var server =
        Scripted.server()
            .onInit(() -> {
              gate.pass();
              completed.set(true);
              return ok(0);
            });
    var begin = System.nanoTime();
    var timeout = Duration.ofMillis(60);
    assertThat(node.start(server, NAMED.timeout(timeout)))
        .isEqualTo(new StartResult.Failed(ExitReason.TIMEOUT));
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(timeout, SOON);
    assertThat(node.processCount()).isZero();
    assertNothingIsLeft(server);
    assertThat(node.start(Scripted.server(), NAMED)).isInstanceOf(StartResult.Ok.class);
    assertThat(completed).isFalse();
  }

  @Test
  void init08_startTimeoutWithLink() {
    var gate = new Gate();
    var starter =
        TestProcess.spawn(
            node,
            me -> {
              var server = Scripted.server().onInit(() -> passing(gate));
              var result = me.startLink(server, NAMED.timeout(Duration.ofMillis(50)));
              assertThat(result).isEqualTo(new StartResult.Failed(ExitReason.TIMEOUT));
              return mailboxIsEmpty(me);
            });
    assertThat(starter.awaitResult()).isTrue();
    assertThat(starter.awaitEnd()).isEqualTo(ExitReason.NORMAL);
  }

  @Test
  void init08_startTimeoutWithLinkToATrappingStarter() {
    var gate = new Gate();
    var starter =
        TestProcess.spawnTrapping(
            node,
            me -> {
              var server = Scripted.server().onInit(() -> passing(gate));
              me.startLink(server, NAMED.timeout(Duration.ofMillis(50)));
              return mailboxIsEmpty(me);
            });
    assertThat(starter.awaitResult()).isTrue();
  }

  @Test
  void init09_initSaysError() {
    var soft = ExitReason.of("soft");
    var server = Scripted.server().onInit(() -> new Init.Fail<>(soft));
    var starter = TestProcess.spawn(node, me -> me.startLink(server, NAMED));
    assertThat(starter.awaitResult()).isEqualTo(new StartResult.Failed(soft));
    assertThat(starter.awaitEnd()).isEqualTo(ExitReason.NORMAL);
    assertNothingIsLeft(server);
  }

  @Test
  void init10_nameStandsBeforeInit() {
    var found = new CompletableFuture<Boolean>();
    var server =
        Scripted.server()
            .onInit(() -> {
              var me = ProcessContext.current();
              found.complete(me.whereis(NAME).equals(Optional.of(me.self())));
              return ok(0);
            });
    node.start(server, NAMED);
    assertThat(TestProcess.await(found)).isTrue();
  }

  @Test
  void init11_continueComesAfterInitAndBeforeMessages() {
    var gate = new Gate();
    var server = Scripted.server();
    server
        .onInit(() -> {
          var me = ProcessContext.current();
          me.send(me.self(), "message");
          return new Init.Ok<>(0, new Action.Continue("continue"));
        })
        .onContinue((_, state) -> {
          gate.pass();
          return noReply(state);
        });
    var pid = node.start(server, NAMED).pidOrThrow(); // returns though the gate is closed
    gate.open();
    node.call(pid, GET, Object.class, SOON);
    assertThat(server.seen).containsExactly("continue", new InfoMessage.Message("message"));
  }

  @Test
  void init12_idleTimeoutFromInit() {
    var idle = Duration.ofMillis(60);
    var server = Scripted.server().onInit(() -> ok(0).timeout(idle));
    var begin = System.nanoTime();
    node.start(server, NAMED);
    await().until(() -> server.seen.equals(List.of(new InfoMessage.Timeout())));
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(idle);
  }

  @Test
  void starterThatIsKilledTakesTheStartingServerAlong() {
    var gate = new Gate();
    var server = Scripted.server().onInit(() -> passing(gate));
    var starter = TestProcess.spawn(node, me -> me.startLink(server, NAMED));
    gate.awaitArrival();
    node.exit(starter.pid(), ExitReason.KILL);
    assertThat(starter.awaitEnd()).isEqualTo(ExitReason.KILLED);
    assertThat(node.processCount()).isZero();
    assertNothingIsLeft(server);
  }

  @Test
  void killDuringInitFailsTheStart() {
    var gate = new Gate();
    var start = outside(() -> node.start(Scripted.server().onInit(() -> passing(gate)), NAMED));
    gate.awaitArrival();
    node.exit(node.whereis(NAME).orElseThrow(), ExitReason.KILL);
    assertThat(TestProcess.await(start)).isEqualTo(new StartResult.Failed(ExitReason.KILLED));
  }
}
