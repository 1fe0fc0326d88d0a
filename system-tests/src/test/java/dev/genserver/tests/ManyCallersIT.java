package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.client.GenServerClient;
import dev.genserver.daemon.StartException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManyCallersIT {

  private static final int CALLERS = 1_000;
  private static final int CALLS = 20;

  @TempDir Path plugins;

  @ParameterizedTest(name = "{0} connections")
  @ValueSource(ints = {1, 16})
  void thousandCallersLoseNoReply(int connections) throws StartException, InterruptedException {
    try (var daemon = DaemonFixture.withExamples(plugins)) {
      var clients = new ArrayList<GenServerClient>();
      for (var i = 0; i < connections; i++) {
        clients.add(daemon.client());
      }
      var replies = new ConcurrentLinkedQueue<Long>();
      var callers =
          IntStream.range(0, CALLERS)
              .mapToObj(i ->
                  Thread.startVirtualThread(
                      () -> callAgainAndAgain(clients.get(i % connections), replies)))
              .toList();
      for (var caller : callers) {
        assertThat(caller.join(Duration.ofSeconds(60))).as("a caller ended").isTrue();
      }
      assertThat(replies.stream().sorted())
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, CALLERS * CALLS).mapToObj(Long::valueOf).toList());
      clients.forEach(GenServerClient::close);
    }
  }

  private static void callAgainAndAgain(
      GenServerClient client, ConcurrentLinkedQueue<Long> replies) {
    var add = Map.of("type", "add", "by", 1);
    for (var i = 0; i < CALLS; i++) {
      replies.add(client.call("counter", add, Long.class, Duration.ofSeconds(60)));
    }
  }
}
