package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.client.BadMessageException;
import dev.genserver.client.CallTimeoutException;
import dev.genserver.client.GenServerClient;
import dev.genserver.daemon.StartException;
import dev.genserver.protocol.Executed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExamplesIT {

  sealed interface CounterMessage {
    record Get() implements CounterMessage {}

    record Add(long by) implements CounterMessage {}

    record Reset() implements CounterMessage {}
  }

  record Submitted(String type, String id) {}

  record Put(String key, Object value, long ttlMs) {}

  @TempDir Path plugins;

  @Test
  void counterCountsCallsAndCasts() throws StartException {
    try (var daemon = DaemonFixture.withExamples(plugins);
        var client = daemon.client()) {
      assertThat(client.call("counter", new CounterMessage.Add(3), Long.class)).isEqualTo(3);
      client.cast("counter", new CounterMessage.Add(4));
      assertThat(client.call("counter", new CounterMessage.Get(), Long.class)).isEqualTo(7);
      client.castConfirmed("counter", new CounterMessage.Reset());
      assertThat(client.call("counter", "get", Long.class)).isZero();
      assertThat(client.call("counter", Map.of("type", "add", "by", 1), Long.class)).isEqualTo(1);
    }
  }

  @Test
  void messageThatTheCounterDoesNotTakeIsRefusedWithThoseThatItTakes() throws StartException {
    try (var daemon = DaemonFixture.withExamples(plugins);
        var client = daemon.client()) {
      assertThatThrownBy(() -> client.call("counter", "gett", Long.class))
          .isInstanceOf(BadMessageException.class)
          .hasMessageContaining("did you mean 'get'?");
      assertThatThrownBy(() -> client.castConfirmed("counter", "rest"))
          .isInstanceOf(BadMessageException.class)
          .hasMessageContaining("did you mean 'reset'?");
    }
  }

  @Test
  void keyValueStoreForgetsAnEntryWhenItsTimeIsUp() throws StartException {
    try (var daemon = DaemonFixture.withExamples(plugins);
        var client = daemon.client()) {
      client.call("kv", new Put("k", Map.of("n", 1), 300), Object.class);
      var get = Map.of("type", "get", "key", "k");
      assertThat(client.call("kv", get, Object.class)).isEqualTo(Map.of("n", 1));
      Awaitility.await("the entry expires")
          .until(() -> client.call("kv", get, Object.class) == null);
      assertThat(client.call("kv", "size", Long.class)).isZero();
    }
  }

  @Test
  void rateLimiterLetsACallWaitForItsTokenUntilTheCallersOwnTimeout() throws StartException {
    try (var daemon = DaemonFixture.withExamples(plugins);
        var client = daemon.client()) {
      while (client.call(
          "ratelimiter", Map.of("type", "try_acquire", "bucket", "b"), Boolean.class)) {
        // empties the bucket
      }
      var acquire = Map.of("type", "acquire", "bucket", "b");
      assertThat(client.call("ratelimiter", acquire, Object.class))
          .isEqualTo(Map.of("type", "granted"));
      var many = Map.of("type", "acquire", "bucket", "b", "tokens", 10);
      assertThatThrownBy(
              () -> client.call("ratelimiter", many, Object.class, Duration.ofMillis(50)))
          .isInstanceOfSatisfying(
              CallTimeoutException.class, e -> assertThat(e.executed()).isEqualTo(Executed.MAYBE))
          .hasMessageContaining("had not replied yet");
    }
  }

  @Test
  void chatTellsThoseWhoListenThatADroppedClientHasLeft() throws StartException {
    try (var daemon = DaemonFixture.withExamples(plugins);
        var bob = daemon.client()) {
      var open = Map.of("type", "open", "room", "lobby");
      assertThat(bob.call("chat", open, Object.class))
          .isEqualTo(Map.of("type", "opened", "to", "chat/lobby"));
      try (var ada = daemon.client()) {
        ada.call("chat/lobby", Map.of("type", "join", "name", "ada"), Object.class);
        bob.call("chat/lobby", Map.of("type", "join", "name", "bob"), Object.class);
        var listening = bob.callAsync("chat/lobby", listen(2), Object.class);
        ada.call("chat/lobby", Map.of("type", "say", "text", "hello"), Object.class);
        assertThat(listening.join())
            .isEqualTo(heard(3, Map.of("type", "said", "name", "ada", "text", "hello")));
      }

      assertThat(bob.call("chat/lobby", listen(3), Object.class, Duration.ofSeconds(30)))
          .isEqualTo(heard(4, Map.of("type", "left", "name", "ada")));
      assertThat(bob.call("chat/lobby", "members", Object.class)).isEqualTo(List.of("bob"));
    }
  }

  private static Map<String, Object> listen(int after) {
    return Map.of("type", "listen", "after", after);
  }

  private static Map<String, Object> heard(int last, Object event) {
    return Map.of("events", List.of(event), "missed", 0, "last", last);
  }

  @Test
  void jobsAreTriedAgainAwaitedAndCancelled() throws StartException {
    try (var daemon = DaemonFixture.withExamples(plugins);
        var client = daemon.client()) {
      var flaky = submit(client, Map.of("type", "flaky", "failures", 1));
      assertThat(client.call("jobs", about("await", flaky), Object.class, Duration.ofSeconds(30)))
          .isEqualTo(Map.of("type", "done", "result", "done at attempt 2", "attempts", 2));

      var hash = submit(client, Map.of("type", "hash", "text", "x", "rounds", 100_000_000));
      var awaited = client.callAsync("jobs", about("await", hash), Object.class);
      assertThat(client.call("jobs", about("cancel", hash), Object.class))
          .isEqualTo(Map.of("type", "cancelled"));
      assertThat(awaited.join()).isEqualTo(Map.of("type", "cancelled"));
    }
  }

  private static String submit(GenServerClient client, Map<String, Object> job) {
    var submit = Map.of("type", "submit", "job", job);
    return client.call("jobs", submit, Submitted.class).id();
  }

  private static Map<String, Object> about(String type, String id) {
    return Map.of("type", type, "id", id);
  }
}
