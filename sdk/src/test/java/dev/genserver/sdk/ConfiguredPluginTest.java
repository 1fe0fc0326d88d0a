package dev.genserver.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfiguredPluginTest {

  private record Configuration(String name) {}

  private static final class Agents implements ConfiguredPlugin<Configuration> {
    @Override
    public List<Behaviour<?>> behaviours(Configuration configuration) {
      return List.of();
    }

    @Override
    public List<ChildSpec> children(Configuration configuration) {
      return List.of(ChildSpec.agent(configuration.name(), () -> 1));
    }
  }

  @Test
  void withAConfigurationItIsAPlugin() {
    var plugin = new Agents().with(new Configuration("hits"));
    assertThat(plugin.behaviours()).isEmpty();
    assertThat(plugin.children()).extracting(ChildSpec::id).containsExactly("hits");
  }

  @Test
  void withoutOneItSaysWhatItLacks() {
    var plugin = new Agents();
    var message = Agents.class.getName() + " is configured; ask with(…)";
    assertThatIllegalStateException().isThrownBy(plugin::behaviours).withMessage(message);
    assertThatIllegalStateException().isThrownBy(plugin::children).withMessage(message);
  }
}
