package dev.genserver.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.examples.kv.KeyValueStore.Call;
import dev.genserver.examples.kv.KeyValueStore.Put;
import dev.genserver.examples.kv.KeyValueStore.PutReply;
import dev.genserver.runtime.Node;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.testkit.ManualTime;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// On a real node, whose time the test moves.
@Timeout(30)
class KeyValueProcessTest {

  @Test
  void entryExpiresInARunningProcess() {
    var time = new ManualTime();
    try (var node = Node.create(1, time)) {
      var kv = node.start(new KeyValueStore(), StartOptions.named("kv")).pidOrThrow();
      var put = new Put("session", "alice", Optional.of(60_000L));
      assertThat(node.call(kv, put, PutReply.class)).isEqualTo(new PutReply.Stored());

      time.advance(Duration.ofSeconds(59));
      assertThat(node.call(kv, new Call.Get("session"), Object.class)).isEqualTo("alice");
      time.advance(Duration.ofSeconds(1));
      assertThat(node.call(ServerRef.named("kv"), new Call.Get("session"), Object.class)).isNull();
    }
  }
}
