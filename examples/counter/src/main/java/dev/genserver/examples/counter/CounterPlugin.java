package dev.genserver.examples.counter;

import dev.genserver.sdk.Behaviour;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.Plugin;
import java.util.List;

/// Offers the behaviour `counter` and runs one process of it, also named `counter`.
public final class CounterPlugin implements Plugin {

  @Override
  public List<Behaviour<?>> behaviours() {
    return List.of(Behaviour.of("counter", Counter.class, Counter::new));
  }

  @Override
  public List<ChildSpec> children() {
    return List.of(ChildSpec.named("counter", Counter::new));
  }
}
