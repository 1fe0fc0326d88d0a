package dev.genserver.examples.counter;

import dev.genserver.sdk.ServerRef;
import dev.genserver.testkit.PluginLeaks;
import dev.genserver.testkit.PluginUse;
import dev.genserver.testkit.TestNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CounterUnloadsTest {

  @Test
  void nothingStaysInMemoryWhenThePluginIsRemoved() {
    PluginLeaks.assertUnloads(InUse.class);
  }

  static final class InUse implements PluginUse {
    @Override
    public void use(TestNode node) {
      node.call(ServerRef.named("counter"), new Counter.Call.Add(3), Long.class);
    }
  }
}
