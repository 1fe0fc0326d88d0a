package dev.genserver.daemon.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.genserver.daemon.config.ConfigLoader;
import dev.genserver.testkit.PluginJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the configuration file says reaches plugins, or keeps them away.
class PluginConfigurationsTest {

  private static final String SHOP =
      """
      package example;
      import dev.genserver.sdk.*;
      import java.util.*;
      public final class Shop implements ConfiguredPlugin<Shop.Settings> {
        public record Settings(String currency, int retryLimit) {
          public Settings {
            if (retryLimit < 0 || retryLimit > 9) {
              throw new IllegalArgumentException("retry-limit " + retryLimit + " must be from 0 to 9");
            }
          }
        }
        @Override public List<Behaviour<?>> behaviours(Settings settings) { return List.of(); }
        @Override public List<ChildSpec> children(Settings settings) {
          return List.of(ChildSpec.agent("shop-" + settings.currency(), settings::retryLimit));
        }
      }
      """;

  @TempDir private Path folder;
  @TempDir private Path elsewhere;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = elsewhere.resolve("genserverd.yaml");
  }

  private static PluginJar shop() {
    return PluginJar.of("shop", "1.0.0").plugin("example.Shop", SHOP);
  }

  private PluginConfigurations say(String sections) {
    try {
      Files.writeString(file, "plugins:\n  config:\n" + sections.indent(4));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    var config = ConfigLoader.load(Optional.of(file), Map.of(), Map.of());
    return new PluginConfigurations(config.plugins().sections(), _ -> null);
  }

  private Plugins load(PluginConfigurations configurations) {
    return Plugins.load(folder, true, List.of(), configurations);
  }

  /// What is wrong, with `FILE` for the name of the file.
  private List<String> problems(Plugins plugins) {
    return plugins.problems().stream().map(this::shown).toList();
  }

  private String shown(Object problem) {
    return problem.toString().replace(file.toString(), "FILE");
  }

  @Test
  void aPluginIsLoadedWithItsConfiguration() {
    shop().writeTo(folder);
    try (var plugins = load(say("shop: {currency: EUR, retry-limit: 3}"))) {
      assertThat(problems(plugins)).isEmpty();
      assertThat(plugins.loaded())
          .singleElement()
          .satisfies(plugin ->
              assertThat(plugin.children())
                  .singleElement()
                  .satisfies(child -> assertThat(child.id()).isEqualTo("shop-EUR")));
    }
  }

  @Test
  void aPluginWhoseConfigurationIsWrongIsRefusedWholeWithAllThatIsWrong() {
    shop().writeTo(folder);
    Samples.counter("counter").writeTo(folder);
    try (var plugins = load(say("shop: {curency: EUR, retry-limit: many}"))) {
      assertThat(problems(plugins))
          .containsExactly(
              "plugin shop-1.0.0.jar refused: config 'plugins.config.shop.curency' (FILE:3) is"
                  + " unknown; did you mean 'currency'?",
              "plugin shop-1.0.0.jar refused: config 'plugins.config.shop.currency' (FILE:3) is"
                  + " missing; it must be a text",
              "plugin shop-1.0.0.jar refused: config 'plugins.config.shop.retry-limit' (FILE:3) must"
                  + " be a whole number from -2147483648 to 2147483647, is 'many'",
              "config 'plugins.config.shop' (FILE:3) is for no plugin that is loaded; load the"
                  + " plugin, or remove the section");
      assertThat(plugins.loaded()).extracting(LoadedPlugin::id).containsExactly("counter");
    }
  }

  @Test
  void whatTheRecordRefusesIsToldInItsWords() {
    shop().writeTo(folder);
    try (var plugins = load(say("shop:\n  currency: EUR\n  retry-limit: 10"))) {
      assertThat(problems(plugins))
          .contains(
              "plugin shop-1.0.0.jar refused: config 'plugins.config.shop' (FILE:4) is refused:"
                  + " retry-limit 10 must be from 0 to 9");
    }
  }

  @Test
  void aSectionForNobodyIsTold() {
    Samples.counter("counter").writeTo(folder);
    try (var plugins = load(say("conter: {}\nkv: {a: 1}"))) {
      assertThat(problems(plugins))
          .containsExactly(
              "config 'plugins.config.conter' (FILE:3) is for no plugin that is loaded; did you mean"
                  + " 'counter'?",
              "config 'plugins.config.kv' (FILE:4) is for no plugin that is loaded; load the plugin,"
                  + " or remove the section");
      assertThat(plugins.loaded()).hasSize(1);
    }
  }

  @Test
  void aPluginThatTakesNoConfigurationIsRefusedOne() {
    Samples.counter("counter").writeTo(folder);
    try (var plugins = load(say("counter: {start: 3}"))) {
      assertThat(problems(plugins))
          .startsWith(
              "plugin counter-1.0.0.jar refused: config 'plugins.config.counter' (FILE:3) is for a"
                  + " plugin that takes no configuration; remove it");
    }
    try (var plugins = load(say("counter:"))) {
      assertThat(problems(plugins)).isEmpty();
    }
  }

  @Test
  void whatAPluginDoesWithItsConfigurationMayFail() {
    PluginJar.of("shop", "1.0.0")
        .plugin(
            "example.Shop",
            SHOP.replace("return List.of();", "throw new IllegalStateException(\"no\");"))
        .writeTo(folder);
    try (var plugins = load(say("shop: {currency: EUR, retry-limit: 3}"))) {
      assertThat(problems(plugins))
          .startsWith(
              "plugin shop-1.0.0.jar refused: example.Shop.behaviours() threw"
                  + " java.lang.IllegalStateException: no");
    }
  }

  @Test
  void aRecordThatNoConfigurationBecomesIsTold() {
    PluginJar.of("shop", "1.0.0")
        .plugin("example.Shop", SHOP.replace("int retryLimit)", "int retryLimit, Thread thread)"))
        .writeTo(folder);
    try (var plugins = load(PluginConfigurations.NONE)) {
      assertThat(problems(plugins))
          .singleElement()
          .asString()
          .startsWith(
              "plugin shop-1.0.0.jar refused: Shop.Settings.thread has type Thread, and no"
                  + " configuration becomes a Thread; use ");
    }
  }

  @Test
  void aPluginIsVerifiedAgainstTheConfiguration() {
    var jar = shop().writeTo(elsewhere);
    try (var plugins = load(PluginConfigurations.NONE)) {
      var refused = catchThrowableOfType(PluginRefusedException.class, () -> plugins.verify(jar));
      assertThat(refused.reasons())
          .containsExactly(
              "config 'plugins.config.shop.currency' is missing; it must be a text",
              "config 'plugins.config.shop.retry-limit' is missing; it must be a whole number from"
                  + " -2147483648 to 2147483647");
      plugins.configure(say("shop: {currency: EUR, retry-limit: 3}"));
      assertThat(plugins.verify(jar)).isEqualTo(new Plugins.Verified("shop", "1.0.0"));
    }
  }

  @Test
  void anotherConfigurationIsForPluginsThatAreLoadedLater() {
    shop().writeTo(folder);
    try (var plugins = load(say("shop: {currency: EUR, retry-limit: 3}"))) {
      assertThat(plugins.configure(say("# moved\nshop:\n  currency: EUR\n  retry-limit: 3")))
          .isEmpty();
      assertThat(plugins.configure(say("shop: {currency: CHF, retry-limit: 3}\nkv:")))
          .containsExactly("plugins.config.shop");
      assertThat(problems(plugins)).hasSize(1);
      assertThat(plugins.loaded().getFirst().children().getFirst().id()).isEqualTo("shop-EUR");

      plugins.remove("shop").ifPresent(Plugins::discard);
      var again = plugins.add(folder.resolve("shop-1.0.0.jar"), folder.resolve("shop-1.0.0.jar"));
      assertThat(again.children().getFirst().id()).isEqualTo("shop-CHF");
    }
  }
}
