package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.noReply;
import static dev.genserver.runtime.TestProcess.SOON;
import static dev.genserver.runtime.TestProcess.await;
import static dev.genserver.runtime.TestProcess.outside;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.sdk.CallException;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A server that is suspended and resumed at any moment, many times over.
class SuspensionRaceTest {

  private static final int SENDERS = 4;
  private static final int MESSAGES = 3_000;

  @AutoClose private final Node node = Node.create();

  private record Sent(int sender, int number) {}

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void losesNothingAndKeepsTheOrderOfEachSender(long seed) {
    var seen = new ArrayList<Sent>(); // the server's own
    var server =
        node.start(
                Scripted.server()
                    .onInfo((message, state) -> {
                      seen.add((Sent) ((InfoMessage.Message) message).content());
                      return noReply(state);
                    }),
                StartOptions.none())
            .pidOrThrow();
    var senders =
        IntStream.range(0, SENDERS)
            .mapToObj(sender ->
                outside(() -> {
                  for (var i = 0; i < MESSAGES; i++) {
                    node.send(server, new Sent(sender, i));
                  }
                  return true;
                }))
            .toList();
    var random = new Random(seed);
    while (senders.stream().anyMatch(sender -> !sender.isDone())) {
      var sys = random.nextBoolean() ? node.sys() : node.sys().urgently();
      sys.suspend(server);
      sys.getState(server);
      sys.resume(server);
    }
    senders.forEach(TestProcess::await);
    node.sys().within(SOON).getState(server); // behind all messages

    assertThat(seen).hasSize(SENDERS * MESSAGES);
    for (var sender = 0; sender < SENDERS; sender++) {
      var me = sender;
      assertThat(seen.stream().filter(sent -> sent.sender() == me).map(Sent::number))
          .containsExactlyElementsOf(IntStream.range(0, MESSAGES).boxed().toList());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void endOfASuspendedServerIsToldToAllWhoWait(long seed) {
    var random = new Random(seed);
    for (var round = 0; round < 100; round++) {
      var server = node.start(Scripted.server(), StartOptions.none()).pidOrThrow();
      var ends = new ConcurrentLinkedQueue<ExitReason>();
      var callers =
          IntStream.range(0, 8)
              .mapToObj(_ -> outside(() -> callUntilItEnds(server, ends)))
              .toList();
      var holder = outside(() -> suspendUntilItEnds(server, new Random(random.nextLong())));
      for (var spins = random.nextInt(20_000); spins > 0; spins--) {
        Thread.onSpinWait();
      }
      node.exit(server, random.nextBoolean() ? ExitReason.KILL : ExitReason.of("rotten"));
      callers.forEach(TestProcess::await);
      await(holder);
      assertThat(ends).hasSize(8);
      assertThat(List.copyOf(ends))
          .allSatisfy(reason ->
              assertThat(reason)
                  .isIn(ExitReason.KILLED, ExitReason.of("rotten"), ExitReason.NOPROC));
    }
    assertThat(node.processCount()).isZero();
  }

  private boolean callUntilItEnds(Pid server, ConcurrentLinkedQueue<ExitReason> ends) {
    while (true) {
      try {
        node.call(server, Scripted.GET, Object.class, Duration.ofSeconds(20));
      } catch (CallException e) {
        ends.add(e.reason());
        return true;
      }
    }
  }

  private boolean suspendUntilItEnds(Pid server, Random random) {
    try {
      while (true) {
        var sys = random.nextBoolean() ? node.sys() : node.sys().urgently();
        sys.suspend(server);
        sys.resume(server);
      }
    } catch (CallException e) {
      return true;
    }
  }
}
