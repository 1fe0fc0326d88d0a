package dev.genserver.examples.ratelimiter;

import dev.genserver.sdk.Behaviour;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.Plugin;
import java.util.List;

/// Offers the behaviour `ratelimiter` and runs one process of it, also named `ratelimiter`.
public final class RateLimiterPlugin implements Plugin {

  @Override
  public List<Behaviour<?>> behaviours() {
    return List.of(Behaviour.of("ratelimiter", RateLimiter.class, RateLimiter::new));
  }

  @Override
  public List<ChildSpec> children() {
    return List.of(ChildSpec.named("ratelimiter", RateLimiter::new));
  }
}
