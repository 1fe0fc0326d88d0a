package dev.genserver.examples.counter;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.Behaviour;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ConfiguredPlugin;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A plugin that cannot do without a configuration.
public final class MailPlugin implements ConfiguredPlugin<MailPlugin.Settings> {

  public record Settings(URI relay, Secret password, Duration pause, Optional<Integer> retryLimit) {
    public Settings {
      if (retryLimit.isPresent() && retryLimit.get() < 0) {
        throw new IllegalArgumentException("retry-limit " + retryLimit.get() + " is negative");
      }
    }

    int attempts() {
      return 1 + retryLimit.orElse(3);
    }
  }

  @Override
  public List<Behaviour<?>> behaviours(Settings settings) {
    return List.of(Behaviour.of("mailer", Mailer.class, () -> new Mailer(settings)));
  }

  @Override
  public List<ChildSpec> children(Settings settings) {
    return List.of(ChildSpec.named("mailer", () -> new Mailer(settings)));
  }

  /// Replies how often it would try; sends nothing.
  static final class Mailer extends GenServer<Mailer.State, String, Void> {

    record State(int mails) {}

    private final Settings settings;

    Mailer(Settings settings) {
      this.settings = settings;
    }

    @Override
    public Init<State> init(Args args) {
      return ok(new State(0));
    }

    @Override
    public CallResult<State> handleCall(String mail, From from, State state) {
      return reply(settings.attempts(), new State(state.mails() + 1));
    }
  }
}
