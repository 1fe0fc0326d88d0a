package dev.genserver.examples.ratelimiter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.sdk.Behaviour;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.Plugin;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class RateLimiterPluginTest {

  @Test
  void serviceFileLeadsToThePlugin() {
    var plugin = ServiceLoader.load(Plugin.class).findFirst().orElseThrow();

    assertThat(plugin.behaviours()).extracting(Behaviour::name).containsExactly("ratelimiter");
    assertThat(plugin.children()).extracting(ChildSpec::id).containsExactly("ratelimiter");
  }
}
