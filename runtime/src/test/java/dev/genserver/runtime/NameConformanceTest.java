package dev.genserver.runtime;

import static dev.genserver.runtime.Scripted.ADD;
import static dev.genserver.runtime.Scripted.ADD_ONE;
import static dev.genserver.runtime.Scripted.GET;
import static dev.genserver.runtime.TestProcess.failure;
import static dev.genserver.runtime.TestProcess.mailboxIsEmpty;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
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
  void name05_namesThroughARegistry() {
    assertThat(node.startRegistry("rooms")).isTrue();
    assertThat(node.startRegistry("rooms")).isFalse();
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
    var options = StartOptions.none().name(ServerRef.via("missing", 7));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node.start(Scripted.server(), options))
        .withMessageContaining("missing");
    assertThat(node.processCount()).isZero();
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
