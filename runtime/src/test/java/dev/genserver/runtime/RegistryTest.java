package dev.genserver.runtime;

import static dev.genserver.runtime.TestProcess.receive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.CallException;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Registry.Entry;
import dev.genserver.sdk.Registry.Event;
import dev.genserver.sdk.Registry.RegisterResult;
import dev.genserver.sdk.RegistrySpec;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.SupervisorSpec;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What Elixir's Registry does beyond the rows of the conformance table.
class RegistryTest {

  private static final StartOptions ROOMS = StartOptions.named("rooms");
  private static final ServerName NAME = ServerRef.named("rooms");

  @AutoClose private final Node node = Node.create();

  private Pid start(RegistrySpec spec) {
    return node.start(spec, ROOMS).pidOrThrow();
  }

  /// A process that enters itself under `key`, says so, and lives on.
  private TestProcess<Boolean> holder(Object key) {
    return holding(TestProcess.spawn(node, me -> registered(me, key)), key);
  }

  private TestProcess<Boolean> trappingHolder(Object key) {
    return holding(TestProcess.spawnTrapping(node, me -> registered(me, key)), key);
  }

  private static boolean registered(ProcessContext me, Object key) {
    assertThat(me.registry("rooms").register(key, "value")).isInstanceOf(RegisterResult.Ok.class);
    return TestProcess.waitForEver(me);
  }

  private TestProcess<Boolean> holding(TestProcess<Boolean> process, Object key) {
    await().until(() -> node.registry("rooms").values(key, process.pid()).size() == 1);
    return process;
  }

  private <T> T in(Function<ProcessContext, T> body) {
    var process = TestProcess.spawnTrapping(node, body);
    var result = process.awaitResult();
    process.awaitEnd();
    return result;
  }

  // The end of a holder.

  @ParameterizedTest
  @EnumSource(RegistrySpec.Keys.class)
  void entriesAreGoneBeforeAnybodyIsToldOfTheirHoldersEnd(RegistrySpec.Keys keys) {
    start(new RegistrySpec(keys, List.of(), Map.of()));
    var holder = holder("lobby").pid();
    var left =
        in(me -> {
          me.monitor(holder);
          me.link(holder);
          me.exit(holder, ExitReason.KILL);
          receive(me);
          var rooms = me.registry("rooms");
          return rooms.count() + rooms.lookup("lobby").size() + rooms.keys(holder).size();
        });
    assertThat(left).isZero();
  }

  @Test
  void keyOfAHolderThatIsStoppedIsFreeWhenStopReturns() {
    start(RegistrySpec.unique());
    var options = StartOptions.none().name(ServerRef.via("rooms", "lobby"));
    for (var round = 0; round < 100; round++) {
      var pid = node.start(Scripted.server(), options).pidOrThrow();
      node.stop(pid);
    }
    assertThat(node.registry("rooms").count()).isZero();
  }

  @Test
  void endOfAHolderDoesNotHarmTheRegistry() {
    var registry = start(RegistrySpec.unique());
    node.exit(holder("lobby").pid(), ExitReason.of("crash"));
    holder("lobby");
    assertThat(node.isAlive(registry)).isTrue();
  }

  @Test
  void processThatEndedWhileItWasNamedLeavesNoEntry() {
    start(RegistrySpec.unique());
    var options = StartOptions.none().name(ServerRef.via("rooms", "lobby"));
    var process = new ServerProcess(node, new Pid(1, 999), null, Scripted.server(), options, null);
    process.end(ExitReason.KILLED);
    assertThat(node.table.add(process)).isNull();
    assertThat(node.registry("rooms").count()).isZero();
    assertThat(node.start(Scripted.server(), options)).isInstanceOf(StartResult.Ok.class);
  }

  // The end of the registry.

  @Test
  void registryThatIsKilledTakesItsHoldersWithIt() {
    var registry = start(RegistrySpec.unique());
    var holder = holder("lobby");
    node.exit(registry, ExitReason.KILL);
    assertThat(holder.awaitEnd()).isEqualTo(ExitReason.KILLED);
  }

  @Test
  void registryThatIsStoppedTakesItsHoldersWithIt() {
    start(RegistrySpec.unique());
    var holder = holder("lobby");
    node.stop(NAME);
    assertThat(holder.awaitEnd()).isEqualTo(ExitReason.SHUTDOWN);
  }

  @Test
  void holderThatTrapsExitsOutlivesTheRegistryAndCanRegisterAgain() {
    var registry = start(RegistrySpec.unique());
    var seen =
        in(me -> {
          me.registry("rooms").register("lobby", 1);
          me.stop(registry, ExitReason.NORMAL, TestProcess.SOON);
          var exit = receive(me);
          start(RegistrySpec.unique());
          assertThat(me.registry("rooms").lookup("lobby")).isEmpty();
          assertThat(me.registry("rooms").register("lobby", 2))
              .isInstanceOf(RegisterResult.Ok.class);
          assertThat(TestProcess.mailboxIsEmpty(me)).isTrue();
          return exit;
        });
    assertThat(seen).isEqualTo(new InfoMessage.Exit(registry, ExitReason.SHUTDOWN));
    assertThat(node.registry("rooms").count()).isZero();
  }

  @Test
  void holderThatHasUnregisteredIsNotHarmedByTheRegistrysEnd() {
    var registry = start(RegistrySpec.duplicate());
    var process =
        TestProcess.spawn(
            node,
            me -> {
              var rooms = me.registry("rooms");
              rooms.register("lobby", 1);
              rooms.register("attic", 1);
              rooms.unregister("lobby");
              rooms.unregister("attic");
              me.exit(registry, ExitReason.KILL);
              return me.isAlive(registry);
            });
    assertThat(process.awaitResult()).isFalse();
    assertThat(process.awaitEnd()).isEqualTo(ExitReason.NORMAL);
  }

  @Test
  void refusedProcessIsNotHarmedByTheRegistrysEnd() {
    var registry = start(RegistrySpec.unique());
    var holder = trappingHolder("lobby").pid();
    var process =
        TestProcess.spawn(
            node,
            me -> {
              assertThat(me.registry("rooms").register("lobby", 1))
                  .isEqualTo(new RegisterResult.AlreadyRegistered(holder));
              me.exit(registry, ExitReason.KILL);
              return true;
            });
    assertThat(process.awaitEnd()).isEqualTo(ExitReason.NORMAL);
  }

  @Test
  void serverNamedInARegistryEndsWithIt() {
    var registry = start(RegistrySpec.unique());
    var options = StartOptions.none().name(ServerRef.via("rooms", "lobby"));
    var end = TestProcess.endOf(node, node.start(Scripted.server(), options).pidOrThrow());
    node.exit(registry, ExitReason.KILL);
    assertThat(TestProcess.await(end)).isEqualTo(ExitReason.KILLED);
  }

  @Test
  void supervisedRegistryComesBackEmptyUnderTheSameHandle() {
    var child = ChildSpec.registry("rooms", RegistrySpec.unique().meta("color", "red"));
    node.start(SupervisorSpec.oneForOne(List.of(child)), StartOptions.none());
    var rooms = node.registry("rooms");
    rooms.putMeta("color", "blue");
    var holder = holder("lobby");
    var old = node.whereis(NAME).orElseThrow();

    node.exit(old, ExitReason.KILL);

    assertThat(holder.awaitEnd()).isEqualTo(ExitReason.KILLED);
    await().until(() -> node.whereis(NAME).filter(pid -> !pid.equals(old)).isPresent());
    await().untilAsserted(() -> assertThat(rooms.count()).isZero());
    assertThat(rooms.meta("color")).contains("red");
    assertThat(child.id()).isEqualTo("rooms");
  }

  // Names.

  @Test
  void registryHasANameOfTheNode() {
    var registry = start(RegistrySpec.unique());
    assertThat(node.whereis(NAME)).contains(registry);
    assertThat(node.start(RegistrySpec.duplicate(), ROOMS))
        .isEqualTo(new StartResult.AlreadyStarted(registry));
    node.start(Scripted.server(), StartOptions.named("server"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> node.registry("server"))
        .withMessageContaining("registry 'server' is unknown");
  }

  @Test
  void processThatDidNotGetTheKeyIsNotHarmedByTheRegistrysEnd() {
    var registry = start(RegistrySpec.unique());
    var holder = holder("lobby").pid();
    var options = StartOptions.none().name(ServerRef.via("rooms", "lobby"));
    var process = new ServerProcess(node, new Pid(1, 999), null, Scripted.server(), options, null);
    assertThat(node.table.add(process).pid()).isEqualTo(holder);
    node.exit(registry, ExitReason.KILL);
    assertThat(node.isAlive(holder)).isFalse();
    assertThat(process.isAlive()).isTrue();
  }

  @Test
  void messageToAKeyThatNobodyHoldsIsAnArgumentError() {
    start(RegistrySpec.unique());
    var nobody = ServerRef.via("rooms", "nobody");
    assertThatIllegalArgumentException().isThrownBy(() -> node.send(nobody, "message"));
    node.cast(nobody, "lost");
    assertThatExceptionOfType(CallException.class)
        .isThrownBy(() -> node.call(nobody, "question", Object.class))
        .matches(thrown -> thrown.reason().equals(ExitReason.NOPROC));
  }

  // Listeners.

  @Test
  void listenersAreToldOfEachRegistrationAndUnregistration() {
    var seen =
        in(me -> {
          me.register(ServerRef.named("listener"), me.self());
          var listeners = List.of(ServerRef.named("nobody"), ServerRef.named("listener"));
          start(RegistrySpec.unique().listeners(listeners));
          var rooms = me.registry("rooms");
          rooms.register("lobby", 1);
          rooms.register("lobby", 2); // refused
          rooms.unregister("lobby");
          rooms.unregister("never held");
          var named = StartOptions.none().name(ServerRef.via("rooms", "attic", 3));
          var pid = me.start(Scripted.server(), named).pidOrThrow();
          me.exit(pid, ExitReason.KILL); // not told
          var messages = List.of(receive(me), receive(me), receive(me), receive(me));
          assertThat(TestProcess.mailboxIsEmpty(me)).isTrue();
          var self = me.self();
          assertThat(messages)
              .containsExactly(
                  new InfoMessage.Message(new Event.Register("rooms", "lobby", self, 1)),
                  new InfoMessage.Message(new Event.Unregister("rooms", "lobby", self)),
                  new InfoMessage.Message(new Event.Unregister("rooms", "never held", self)),
                  new InfoMessage.Message(new Event.Register("rooms", "attic", pid, 3)));
          return true;
        });
    assertThat(seen).isTrue();
  }

  // Who may do what.

  @Test
  void onlyAProcessCanEnterItself() {
    start(RegistrySpec.unique());
    var rooms = node.registry("rooms");
    assertThatIllegalStateException().isThrownBy(() -> rooms.register("lobby", 1));
    assertThatIllegalStateException().isThrownBy(() -> rooms.unregister("lobby"));
    assertThatIllegalStateException().isThrownBy(() -> rooms.updateValue("lobby", old -> old));
    try (var other = Node.create(2)) {
      assertThat(
              TestProcess.spawn(
                      other,
                      _ -> {
                        assertThatIllegalStateException()
                            .isThrownBy(() -> rooms.register("lobby", 1));
                        return true;
                      })
                  .awaitResult())
          .isTrue();
    }
  }

  @Test
  void processRemovesItsOwnEntriesOnly() {
    start(RegistrySpec.duplicate());
    var holder = holder("lobby").pid();
    in(me -> {
      me.registry("rooms").unregister("lobby");
      return true;
    });
    assertThat(node.registry("rooms").lookup("lobby")).containsExactly(new Entry(holder, "value"));
  }

  @Test
  void updateThatThrowsChangesNothing() {
    start(RegistrySpec.unique());
    in(me -> {
      var rooms = me.registry("rooms");
      rooms.register("lobby", null);
      assertThatIllegalStateException()
          .isThrownBy(() ->
              rooms.updateValue(
                  "lobby",
                  _ -> {
                    throw new IllegalStateException();
                  }));
      assertThat(rooms.lookup("lobby")).containsExactly(new Entry(me.self(), null));
      return true;
    });
  }

  @Test
  void uniqueKeyThatWasGivenUpCanBeTakenByAnother() {
    start(RegistrySpec.unique());
    in(me -> {
      var rooms = me.registry("rooms");
      rooms.register("lobby", 1);
      rooms.unregisterMatch("lobby", value -> value.equals(2));
      assertThat(rooms.count()).isEqualTo(1);
      rooms.unregisterMatch("lobby", value -> value.equals(1));
      assertThat(rooms.count()).isZero();
      return true;
    });
    holder("lobby");
  }

  @Test
  void aHundredThousandEntriesComeAndGo() {
    start(RegistrySpec.duplicate());
    var rooms = node.registry("rooms");
    var many = 100_000;
    var process =
        TestProcess.spawn(
            node,
            me -> {
              for (var key = 0; key < many; key++) {
                me.registry("rooms").register(key, key);
              }
              return true;
            });
    assertThat(process.awaitEnd()).isEqualTo(ExitReason.NORMAL);
    assertThat(rooms.count()).isZero();

    var options = StartOptions.none();
    Scripted.Message join =
        state -> {
          ProcessContext.current().registry("rooms").register("all", "member");
          return Answers.noReply(state);
        };
    for (var member = 0; member < many; member++) {
      node.cast(node.start(Scripted.server(), options).pidOrThrow(), join);
    }
    await().until(() -> rooms.count() == many);
    rooms.dispatch(
        "all", members -> members.forEach(member -> node.exit(member.pid(), ExitReason.KILL)));
    assertThat(rooms.count()).isZero();
    assertThat(rooms.lookup("all")).isEmpty();
  }
}
