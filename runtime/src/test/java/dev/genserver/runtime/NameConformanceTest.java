package dev.genserver.runtime;

import static dev.genserver.runtime.Scripted.ADD;
import static dev.genserver.runtime.Scripted.ADD_ONE;
import static dev.genserver.runtime.Scripted.GET;
import static dev.genserver.runtime.TestProcess.failure;
import static dev.genserver.runtime.TestProcess.mailboxIsEmpty;
import static dev.genserver.runtime.TestProcess.receive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.RegistrySpec;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.SupervisorSpec;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Section NAME of the conformance table, a test a row.
class NameConformanceTest {

  private static final StartOptions NAMED = StartOptions.named("server");
  private static final ServerName NAME = ServerRef.named("server");

  @AutoClose private final Node node = Node.create();

  @Test
  void name01_nameTaken() {
    var first = node.start(Scripted.server(), NAMED).pidOrThrow();
    var starter =
        TestProcess.spawnTrapping(
            node,
            me -> {
              assertThat(me.startLink(Scripted.server(), NAMED))
                  .isEqualTo(new StartResult.AlreadyStarted(first));
              return mailboxIsEmpty(me);
            });
    assertThat(starter.awaitResult()).isTrue();
    assertThat(node.call(NAME, GET, Object.class)).isEqualTo(0);
    assertThat(node.whereis(NAME)).contains(first);
  }

  @Test
  void name02_lookup() {
    var pid = node.start(Scripted.server(), NAMED).pidOrThrow();
    assertThat(node.whereis(NAME)).contains(pid);
    assertThat(node.whereis(ServerRef.named("unknown"))).isEmpty();
    node.exit(pid, ExitReason.KILL);
    assertThat(node.whereis(NAME)).isEmpty();
    assertThat(node.start(Scripted.server(), NAMED)).isInstanceOf(StartResult.Ok.class);
  }

  @Test
  void name03_wrongKindsOfName() {
    assertThatIllegalArgumentException().isThrownBy(() -> ServerRef.named(""));
    assertThatIllegalArgumentException().isThrownBy(() -> ServerRef.named("<1.2>"));
    assertThatIllegalArgumentException().isThrownBy(() -> ServerRef.named("tab\t"));
    var pid = node.start(Scripted.server(), StartOptions.none()).pidOrThrow();
    assertThat(node.names()).isEmpty();
    assertThat(node.isAlive(pid)).isTrue();
  }

  @Test
  void name04_globalNames() {
    var name = ServerRef.global(List.of("room", 7));
    var options = StartOptions.none().name(name);
    var pid = node.start(Scripted.server(), options).pidOrThrow();

    assertThat(node.call(name, ADD, Object.class)).isEqualTo(1);
    assertThat(node.whereis(name)).contains(pid);
    assertThat(node.start(Scripted.server(), options))
        .isEqualTo(new StartResult.AlreadyStarted(pid));
    node.stop(name);
    assertThat(failure(() -> node.call(name, GET, Object.class)).reason())
        .isEqualTo(ExitReason.NOPROC);
  }

  @Test
  void name04_globalNamesAreGivenAndTakenAtRunTimeToo() {
    var one = ServerRef.global("one");
    var two = ServerRef.global("two");
    var pid = node.start(Scripted.server(), NAMED).pidOrThrow();
    var other = node.start(Scripted.server(), StartOptions.none()).pidOrThrow();

    node.register(one, pid);
    node.register(two, pid);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node.register(one, other))
        .withMessage("cannot register " + other + " as {global, one}: " + pid + " holds that name");
    node.unregister(one);
    assertThat(node.whereis(one)).isEmpty();
    node.register(one, other);

    node.exit(pid, ExitReason.KILL);
    assertThat(node.whereis(two)).isEmpty();
    assertThat(node.whereis(one)).contains(other);
  }

  @Test
  void name05_namesThroughARegistry() {
    node.start(RegistrySpec.unique(), StartOptions.named("rooms"));
    var name = ServerRef.via("rooms", 7);
    var options = StartOptions.none().name(name);
    var pid = node.start(Scripted.server(), options).pidOrThrow();

    assertThat(node.call(name, ADD, Object.class)).isEqualTo(1);
    node.cast(name, ADD_ONE);
    assertThat(node.call(name, GET, Object.class)).isEqualTo(2);
    assertThat(node.whereis(name)).contains(pid);
    assertThat(node.start(Scripted.server(), options))
        .isEqualTo(new StartResult.AlreadyStarted(pid));
    node.stop(name);
    assertThat(node.whereis(name)).isEmpty();
  }

  @Test
  void name05_unknownRegistryIsAnArgumentError() {
    var name = ServerRef.via("missing", 7);
    var options = StartOptions.none().name(name);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node.start(Scripted.server(), options))
        .withMessageContaining("missing");
    assertThatIllegalArgumentException().isThrownBy(() -> node.whereis(name));
    assertThatIllegalArgumentException().isThrownBy(() -> node.call(name, GET, Object.class));
    assertThatIllegalArgumentException().isThrownBy(() -> node.send(name, "message"));
    assertThat(node.processCount()).isZero();
  }

  @Test
  void name06_rulesOfRegistering() {
    var first = ServerRef.named("first");
    var second = ServerRef.named("second");
    var process = TestProcess.idle(node).pid();
    var other = TestProcess.idle(node).pid();
    node.register(first, process);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> node.register(second, process))
        .withMessage(
            "cannot register " + process + " as 'second': it has the name 'first' already");
    assertThatIllegalArgumentException().isThrownBy(() -> node.register(first, process));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node.register(first, other))
        .withMessage("cannot register " + other + " as 'first': " + process + " holds that name");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node.unregister(second))
        .withMessage("cannot unregister 'second': no process has that name");
    assertThatIllegalArgumentException().isThrownBy(() -> ServerRef.named(""));
    assertThat(node.whereis(first)).contains(process);
    assertThat(node.names()).containsExactly("first");
  }

  @Test
  void name06_nameCanBeGivenAwayAndTakenAgain() {
    var name = ServerRef.named("name");
    var process = TestProcess.idle(node).pid();
    var server = node.start(Scripted.server(), NAMED).pidOrThrow();
    node.register(name, process);
    node.unregister(name);
    assertThat(node.whereis(name)).isEmpty();
    assertThat(node.isAlive(process)).isTrue();
    node.unregister(NAME);
    node.register(name, server);
    assertThat(node.call(name, GET, Object.class)).isEqualTo(0);
    node.register(NAME, process);
    assertThat(node.whereis(NAME)).contains(process);
  }

  @Test
  void name06_nameGivenAtRunTimeIsFreeBeforeAnybodyIsToldOfTheEnd() {
    var name = ServerRef.named("name");
    var process = TestProcess.idle(node).pid();
    node.register(name, process);
    var watcher =
        TestProcess.spawn(
            node,
            me -> {
              me.monitor(name);
              me.exit(process, ExitReason.KILL);
              var down = (InfoMessage.Down) receive(me);
              me.register(name, me.self());
              return down.server();
            });
    assertThat(watcher.awaitResult()).isEqualTo(name);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node.register(name, process))
        .withMessageContaining("no such process lives");
  }

  @Test
  void name06_processWithAKeyAsNameCanHaveALocalNameToo() {
    node.start(RegistrySpec.unique(), StartOptions.named("rooms"));
    var via = ServerRef.via("rooms", 7);
    var pid = node.start(Scripted.server(), StartOptions.none().name(via)).pidOrThrow();
    node.register(NAME, pid);
    assertThat(node.whereis(NAME)).contains(pid);
    assertThat(node.whereis(via)).contains(pid);
    node.stop(NAME);
    assertThat(node.whereis(NAME)).isEmpty();
    assertThat(node.whereis(via)).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node.register(via, node.whereis(ServerRef.named("rooms")).orElseThrow()))
        .withMessageContaining("enters itself");
  }

  @Test
  void name07_nameWithOwnNode() {
    var pid = node.start(Scripted.server(), NAMED).pidOrThrow();
    var here = ServerRef.at("server", node.nodeName());
    assertThat(node.call(here, ADD, Object.class)).isEqualTo(1);
    node.cast(here, ADD_ONE);
    assertThat(node.call(here, GET, Object.class)).isEqualTo(2);
    assertThat(node.whereis(here)).contains(pid);

    var unknown = ServerRef.at("unknown", node.nodeName());
    assertThat(node.whereis(unknown)).isEmpty();
    assertThat(failure(() -> node.call(unknown, GET, Object.class)).reason())
        .isEqualTo(ExitReason.NOPROC);
    node.send(unknown, "lost, unlike a message to the name alone");
    node.stop(here);
    assertThat(node.whereis(NAME)).isEmpty();
  }

  @Test
  void name08_nameAfterARestart() {
    var spec = SupervisorSpec.oneForOne(List.of(ChildSpec.named("server", Scripted::server)));
    node.start(spec, StartOptions.none());
    node.call(NAME, ADD, Object.class);
    var old = node.whereis(NAME).orElseThrow();

    node.exit(old, ExitReason.KILL);

    await().until(() -> node.whereis(NAME).filter(pid -> !pid.equals(old)).isPresent());
    assertThat(node.call(NAME, GET, Object.class)).isEqualTo(0);
    assertThat(failure(() -> node.call(old, GET, Object.class)).reason())
        .isEqualTo(ExitReason.NOPROC);
  }
}
