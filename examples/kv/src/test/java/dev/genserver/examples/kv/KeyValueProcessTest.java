package dev.genserver.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.examples.kv.KeyValueStore.Call;
import dev.genserver.examples.kv.KeyValueStore.Put;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.ServerRef;
import dev.genserver.testkit.TestNode;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// In a real process, whose time the test moves.
@Timeout(30)
class KeyValueProcessTest {

  private static final ServerRef KV = ServerRef.named("kv");

  @Test
  void entryExpiresInARunningProcess() {
    try (var node = TestNode.create()) {
      node.start(new KeyValuePlugin());
      node.cast(KV, new Put("session", "alice", Optional.of(60_000L)));

      node.advance(Duration.ofSeconds(59));
      assertThat(node.call(KV, new Call.Get("session"), Object.class)).isEqualTo("alice");
      node.advance(Duration.ofSeconds(1));
      assertThat(node.call(KV, new Call.Get("session"), Object.class)).isNull();
    }
  }

  @Test
  void storeThatIsKilledStartsAfreshAndEmpty() {
    try (var node = TestNode.create()) {
      node.start(new KeyValuePlugin());
      var before = node.awaitName(KV);
      node.cast(KV, new Put("session", "alice", Optional.empty()));

      node.exit(before, ExitReason.KILL);
      node.awaitRestart(KV, before);
      assertThat(node.call(KV, new Call.Size(), Integer.class)).isZero();
    }
  }
}
