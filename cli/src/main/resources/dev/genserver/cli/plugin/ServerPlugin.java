package @package@;

import dev.genserver.sdk.Behaviour;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.Plugin;
import java.util.List;

/// Offers the behaviour `@id@` and runs one process of it, also named `@id@`.
public final class @Name@Plugin implements Plugin {

  @Override
  public List<Behaviour<?>> behaviours() {
    return List.of(Behaviour.of("@id@", @Name@.class, @Name@::new));
  }

  @Override
  public List<ChildSpec> children() {
    return List.of(ChildSpec.named("@id@", @Name@::new));
  }
}
