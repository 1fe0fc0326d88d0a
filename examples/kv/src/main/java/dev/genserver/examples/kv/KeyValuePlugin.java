package dev.genserver.examples.kv;

import dev.genserver.sdk.Behaviour;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.Plugin;
import java.util.List;

/// Offers the behaviour `kv` and runs one process of it, also named `kv`.
public final class KeyValuePlugin implements Plugin {

  @Override
  public List<Behaviour<?>> behaviours() {
    return List.of(Behaviour.of("kv", KeyValueStore.class, KeyValueStore::new));
  }

  @Override
  public List<ChildSpec> children() {
    return List.of(ChildSpec.named("kv", KeyValueStore::new));
  }
}
