package dev.genserver.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.daemon.access.Auth;
import dev.genserver.daemon.access.TokenSources;
import dev.genserver.daemon.log.LogLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds docs/genserverd.yaml to the code.
class SampleConfigTest {

  /// Those that are nothing where nobody says: how to log in, the files for it and for TLS, levels
  /// of single loggers, and the collector of traces with what it wants to see.
  private static final int WITHOUT_DEFAULT = 9;

  private static final Path SAMPLE = Path.of("..", "docs", "genserverd.yaml");

  @Test
  void theSampleHasEveryKeyWithItsDefault() {
    var sample = ConfigLoader.load(Optional.of(SAMPLE), Map.of(), Map.of()).effective();
    var withDefault = ConfigKey.all().stream().filter(key -> !key.defaultText().isEmpty()).toList();
    for (var key : withDefault) {
      assertThat(sample)
          .filteredOn(value -> value.key().equals(key.name()))
          .singleElement()
          .satisfies(value -> {
            assertThat(value.origin()).as(key.name()).startsWith(SAMPLE.toString());
            assertThat(value.value()).as(key.name()).isEqualTo(key.defaultText());
          });
    }
    assertThat(withDefault).hasSize(ConfigKey.all().size() - WITHOUT_DEFAULT);
  }

  @Test
  void keysWithoutDefaultPluginsAndProcessesStandInComments(@TempDir Path folder)
      throws IOException {
    var text = Files.readString(SAMPLE);
    var uncommented =
        Pattern.compile(
                "^(?:# ?(auth: |- name: |  )|(  )# ((?:file|dir|certificate|key|client-ca|levels|endpoint|headers-file): ))",
                Pattern.MULTILINE)
            .matcher(text.replace("processes: []\n", "").replace("principals: []\n", ""))
            .replaceAll("$1$2$3")
            .replaceAll("(?m)^  # (config:$|  )", "  $1")
            .replace("- name: shop\n  call:", "principals:\n- name: shop\n  call:")
            .replace("- name: hits", "processes:\n- name: hits");
    var file = Files.writeString(folder.resolve("sample.yaml"), uncommented);
    var config = ConfigLoader.load(Optional.of(file), Map.of(), Map.of());
    assertThat(config.auth()).contains(Auth.TOKEN);
    assertThat(config.tokens())
        .isEqualTo(
            new TokenSources(Optional.of(Path.of("tokens")), Optional.of(Path.of("secrets"))));
    assertThat(config.tls())
        .contains(
            new DaemonConfig.Tls(
                Path.of("server.crt"), Path.of("server.key"), Optional.of(Path.of("ca.crt"))));
    assertThat(config.log().levels()).isEqualTo(Map.of("dev.genserver.daemon.net", LogLevel.DEBUG));
    assertThat(config.plugins().sections()).containsOnlyKeys("shop");
    assertThat(config.plugins().sections().get("shop").values().entries())
        .containsOnlyKeys("currency", "retry-limit", "timeout", "api-key", "other-key");
    assertThat(config.principals())
        .extracting(each -> each.spec().name() + ": " + each.spec().rights())
        .containsExactly(
            "shop: call=[counter, chat/*] cast=[*] monitor=[counter] admin=false",
            "ops: call=[*] cast=[] monitor=[] admin=true");
    assertThat(config.processes())
        .satisfiesExactly(
            hits -> {
              assertThat(hits.name()).isEqualTo("hits");
              assertThat(((ProcessConfig) hits).maxQueue()).isEqualTo(10_000);
              assertThat(((ProcessConfig) hits).cpuBound()).isFalse();
              assertThat(((ProcessConfig) hits).critical()).isFalse();
            },
            shop -> {
              assertThat(shop.name()).isEqualTo("shop");
              assertThat(((SupervisorConfig) shop).children())
                  .extracting(ChildConfig::name)
                  .containsExactly("stock", "orders");
            });
  }

  @Test
  void theSampleDescribesEveryKeyInTheWordsOfItsHelp() throws IOException {
    var words = Files.readString(SAMPLE).replaceAll("\\n *#", "").replaceAll("\\s+", " ");
    for (var key : ConfigKey.all()) {
      var firstSentence = key.description().split("[.;:]", 2)[0];
      assertThat(words).as(key.name()).contains(firstSentence);
    }
  }

  @Test
  void namesOfVariablesAndFlagsFollowFromTheKey() {
    assertThat(ConfigKey.FRAME_MAX_BYTES.variable()).isEqualTo("GENSERVERD_FRAME_MAX_BYTES");
    assertThat(ConfigKey.FRAME_MAX_BYTES.flag()).isEqualTo("--frame-max-bytes");
    assertThat(ConfigKey.PLUGINS_DIR.variable()).isEqualTo("GENSERVERD_PLUGINS");
    assertThat(ConfigKey.PLUGINS_DIR.flag()).isEqualTo("--plugins");
    assertThat(ConfigKey.all()).extracting(ConfigKey::flag).doesNotHaveDuplicates();
    assertThat(ConfigKey.all()).extracting(ConfigKey::variable).doesNotHaveDuplicates();
  }
}
