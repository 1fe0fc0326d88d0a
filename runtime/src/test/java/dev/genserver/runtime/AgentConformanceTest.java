package dev.genserver.runtime;

import static dev.genserver.runtime.TestProcess.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.Agent;
import dev.genserver.sdk.Agent.Updated;
import dev.genserver.sdk.CallException;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitException;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.SupervisorSpec;
import dev.genserver.sdk.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Section AGENT of the conformance table, a test a row.
class AgentConformanceTest {

  private static final ServerName HITS = ServerRef.named("hits");

  @AutoClose private final Node node = Node.create();

  private <S> Agent<S> start(S initial) {
    return node.agent(node.start(Agent.server(() -> initial), StartOptions.none()).pidOrThrow());
  }

  private StartResult start(Supplier<Integer> initial, Duration timeout) {
    return node.start(Agent.server(initial), StartOptions.none().timeout(timeout));
  }

  @Test
  void agent01_theFourOperations() {
    var agent = start(1);
    assertThat(agent.<Integer>get(s -> s)).isEqualTo(1);
    agent.update(s -> s + 1);
    assertThat(agent.<Integer>getAndUpdate(s -> new Updated<>(s * 10, s + 1))).isEqualTo(20);
    agent.cast(s -> s + 1);
    assertThat(agent.<Integer>get(s -> s)).isEqualTo(4);
  }

  @Test
  void agent02_functionRaises() {
    try (var _ = LogCapture.of(CrashReport.class)) {
      var agent = start(1);
      var boom = new IllegalStateException("boom");
      var failure =
          failure(() ->
              agent.get(_ -> {
                throw boom;
              }));
      assertThat(failure.reason()).isEqualTo(new ExitReason.Failure(boom));
      assertThat(failure(() -> agent.get(s -> s)).reason()).isEqualTo(ExitReason.NOPROC);
    }
  }

  @Test
  void agent02_functionOfACastRaises() {
    try (var _ = LogCapture.of(CrashReport.class)) {
      var agent = start(1);
      assertThatCode(() -> agent.cast(s -> Math.addExact(Integer.MAX_VALUE, s)))
          .doesNotThrowAnyException();
      assertThat(failure(() -> agent.get(s -> s)).reason()).isNotEqualTo(ExitReason.TIMEOUT);
    }
  }

  @Test
  @SuppressWarnings("NullAway") // the wrong answer that compiles
  void agent03_badPair() {
    try (var _ = LogCapture.of(CrashReport.class)) {
      var agent = start(1);
      assertThat(failure(() -> agent.getAndUpdate(_ -> null)).reason())
          .isEqualTo(new ExitReason.BadReturnValue(null));
      assertThat(failure(() -> agent.get(s -> s)).reason()).isEqualTo(ExitReason.NOPROC);
    }
  }

  @Test
  @SuppressWarnings("NullAway") // the wrong state that compiles
  void agent03_stateThatIsNull() {
    try (var _ = LogCapture.of(CrashReport.class)) {
      var agent = start(1);
      assertThat(failure(() -> agent.update(_ -> null)))
          .hasMessageContaining("the state of an agent must not be null");
    }
  }

  @Test
  void agent04_whereFunctionsRun() {
    var pid =
        node.start(Agent.server(() -> ProcessContext.current().self()), StartOptions.none())
            .pidOrThrow();
    var agent = node.<ServerRef>agent(pid);
    assertThat(agent.<ServerRef>get(initial -> initial)).isEqualTo(pid);
    assertThat(agent.<ServerRef>get(_ -> ProcessContext.current().self())).isEqualTo(pid);
  }

  @Test
  void agent05_startFails() {
    try (var _ = LogCapture.of(CrashReport.class)) {
      var boom = new IllegalStateException("boom");
      assertThat(
              start(
                  () -> {
                    throw boom;
                  },
                  Timeouts.DEFAULT))
          .isEqualTo(new StartResult.Failed(new ExitReason.Failure(boom)));
      var no = ExitReason.of("no");
      assertThat(
              start(
                  () -> {
                    throw new ExitException(no);
                  },
                  Timeouts.DEFAULT))
          .isEqualTo(new StartResult.Failed(no));
      var gate = new Gate();
      assertThat(
              start(
                  () -> {
                    gate.pass();
                    return 1;
                  },
                  Duration.ofMillis(40)))
          .isEqualTo(new StartResult.Failed(ExitReason.TIMEOUT));
    }
  }

  @Test
  void agent06_nameAndStop() {
    var named = StartOptions.named("hits");
    var pid = node.start(Agent.server(() -> 7), named).pidOrThrow();
    assertThat(node.start(Agent.server(() -> 8), named))
        .isEqualTo(new StartResult.AlreadyStarted(pid));
    var agent = node.<Integer>agent(ServerRef.named("hits"));
    assertThat(agent.<Integer>get(s -> s)).isEqualTo(7);
    agent.stop();
    assertThat(node.isAlive(pid)).isFalse();
    assertThat(failure(() -> agent.get(s -> s)).reason()).isEqualTo(ExitReason.NOPROC);
    assertThatCode(() -> agent.cast(s -> s)).doesNotThrowAnyException();
  }

  @Test
  void agent07_noLostUpdate() {
    var agent = start(0);
    var updating =
        IntStream.range(0, 50)
            .mapToObj(_ ->
                TestProcess.spawn(
                    node,
                    me -> {
                      me.<Integer>agent(agent.server()).update(s -> s + 1);
                      return true;
                    }))
            .toList();
    updating.forEach(TestProcess::awaitResult);
    assertThat(agent.<Integer>get(s -> s)).isEqualTo(50);
  }

  @Test
  void timeoutIsTheCallersAlone() {
    var agent = start(0);
    var gate = new Gate();
    var failure =
        failure(() ->
            agent.update(
                s -> {
                  gate.pass();
                  return s + 1;
                },
                Duration.ofMillis(20)));
    assertThat(failure).isInstanceOf(CallException.class);
    assertThat(failure.reason()).isEqualTo(ExitReason.TIMEOUT);
    gate.open();
    assertThat(agent.<Integer>get(s -> s)).isEqualTo(1);
  }

  @Test
  void messagesToAnAgentAreDropped() {
    try (var log = LogCapture.of(GenServer.class)) {
      var agent = start(0);
      node.send(agent.server(), "hello");
      assertThat(agent.<Integer>get(s -> s)).isZero();
      assertThat(log.lines(Level.SEVERE)).isEmpty();
    }
  }

  @Test
  void supervisedAgentStartsAfreshWithItsInitialState() {
    try (var _ = LogCapture.of(CrashReport.class);
        var _ = LogCapture.of(SupervisorServer.class)) {
      node.start(
          SupervisorSpec.oneForOne(List.of(ChildSpec.agent("hits", () -> 1))), StartOptions.none());
      var hits = node.<Integer>agent(HITS);
      hits.update(s -> s + 1);
      var first = node.whereis(HITS).orElseThrow();
      node.exit(first, ExitReason.KILL);
      await().until(() -> node.whereis(HITS).filter(pid -> !pid.equals(first)).isPresent());
      assertThat(hits.<Integer>get(s -> s)).isEqualTo(1);
    }
  }

  @Test
  void functionsRunWithTheContextClassLoaderOfTheirOwn() {
    var agent = start(0);
    assertThat(agent.<ClassLoader>get(_ -> Thread.currentThread().getContextClassLoader()))
        .isSameAs(AgentConformanceTest.class.getClassLoader());
  }
}
