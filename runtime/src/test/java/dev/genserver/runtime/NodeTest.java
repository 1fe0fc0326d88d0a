package dev.genserver.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Result;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.SupervisorSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class NodeTest {

  static final class Counter extends GenServer<Long, Object, Object> {
    @Override
    public Init<Long> init(Args args) {
      return ok(args.longOr("start", 0));
    }

    @Override
    public CallResult<Long> handleCall(Object request, From from, Long state) {
      return reply(state + 1, state + 1);
    }

    @Override
    public Result<Long> handleCast(Object message, Long state) {
      return noReply(state + 1);
    }
  }

  @Test
  void nodeWithATimeOfItsOwnIsStillWhenAllWait() {
    try (var node = Node.create(1, new ManualTime())) {
      var counter = node.start(new Counter(), StartOptions.none()).pidOrThrow();
      var goOn = new CountDownLatch(1);
      node.spawn(() -> ProcessContext.current().receive(Duration.ofSeconds(1)));
      Awaitility.await().until(node::isStill);

      node.spawn(() -> hold(goOn));
      node.cast(counter, "add");
      Awaitility.await().until(() -> node.inspect(counter).orElseThrow().queued() == 0);
      assertThat(node.isStill()).isFalse();
      goOn.countDown();
      Awaitility.await().until(node::isStill);
    }
  }

  private static void hold(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void nodeWithTheRealTimeCannotTellWhetherItIsStill() {
    try (var node = Node.create()) {
      assertThatIllegalStateException()
          .isThrownBy(node::isStill)
          .withMessageContaining("make one with a time of its own");
    }
  }

  @Test
  void thousandsOfCallersAreAllAnswered() throws InterruptedException {
    try (var node = Node.create()) {
      var counter = node.start(new Counter(), StartOptions.named("counter")).pidOrThrow();
      var answered = new AtomicInteger();
      var callers =
          IntStream.range(0, 2_000)
              .mapToObj(_ ->
                  Thread.startVirtualThread(() -> {
                    for (var i = 0; i < 50; i++) {
                      node.call(counter, "add", Long.class);
                      answered.incrementAndGet();
                    }
                  }))
              .toList();
      for (var caller : callers) {
        assertThat(caller.join(Duration.ofSeconds(30))).isTrue();
      }
      assertThat(answered).hasValue(100_000);
      assertThat(node.call(counter, "add", Long.class)).isEqualTo(100_001);
    }
  }

  @Test
  void supervisedServerIsBackWithFreshStateAfterAKill() {
    try (var node = Node.create()) {
      var spec = SupervisorSpec.oneForOne(List.of(ChildSpec.named("counter", Counter::new)));
      node.start(spec, StartOptions.none()).pidOrThrow();
      var name = ServerRef.named("counter");
      node.call(name, "add", Long.class);
      Pid first = node.whereis(name).orElseThrow();

      node.exit(first, ExitReason.KILL);

      Awaitility.await().until(() -> node.whereis(name).filter(p -> !p.equals(first)).isPresent());
      assertThat(node.call(name, "add", Long.class)).isEqualTo(1);
    }
  }
}
