package @package@;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Plugin;
import dev.genserver.sdk.ServerRef;
import dev.genserver.testkit.PluginLeaks;
import dev.genserver.testkit.PluginUse;
import dev.genserver.testkit.TestNode;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import @package@.@Name@.Call;

/// The plugin as a daemon finds it, with real processes.
@Timeout(30)
class @Name@PluginTest {

  private static final ServerRef SERVER = ServerRef.named("@id@");

  @Test
  void processThatIsKilledStartsAfresh() {
    var plugin = ServiceLoader.load(Plugin.class).findFirst().orElseThrow();
    try (var node = TestNode.create()) {
      node.start(plugin);
      assertThat(node.call(SERVER, new Call.Add(3), Long.class)).isEqualTo(3);

      var before = node.awaitName(SERVER);
      node.exit(before, ExitReason.KILL);
      node.awaitRestart(SERVER, before);
      assertThat(node.call(SERVER, new Call.Get(), Long.class)).isZero();
    }
  }

  @Test
  void nothingStaysInMemoryWhenThePluginIsRemoved() {
    PluginLeaks.assertUnloads(InUse.class);
  }

  static final class InUse implements PluginUse {
    @Override
    public void use(TestNode node) {
      node.call(SERVER, new Call.Add(3), Long.class);
    }
  }
}
