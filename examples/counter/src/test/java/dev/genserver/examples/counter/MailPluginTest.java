package dev.genserver.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.genserver.sdk.Secret;
import dev.genserver.sdk.ServerRef;
import dev.genserver.testkit.TestNode;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How the plugin guide tests a plugin that is configured.
class MailPluginTest {

  private static MailPlugin.Settings settings(Optional<Integer> retryLimit) {
    var relay = URI.create("smtp://mail.example");
    return new MailPlugin.Settings(
        relay, Secret.of("open sesame"), Duration.ofSeconds(5), retryLimit);
  }

  @Test
  void mailerTriesAsOftenAsItIsConfiguredTo() {
    try (var node = TestNode.create()) {
      node.start(new MailPlugin().with(settings(Optional.of(1))));
      assertThat(node.call(ServerRef.named("mailer"), "hello", Integer.class)).isEqualTo(2);
    }
  }

  @Test
  void withoutALimitItTriesFourTimes() {
    assertThat(settings(Optional.empty()).attempts()).isEqualTo(4);
  }

  @Test
  void negativeLimitIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(Optional.of(-1)))
        .withMessage("retry-limit -1 is negative");
  }
}
