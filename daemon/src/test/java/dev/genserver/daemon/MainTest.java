package dev.genserver.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.daemon.config.ConfigKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands of `genserverd` that end by themselves.
@Isolated("it takes the standard output of the whole JVM for a moment")
class MainTest {

  @TempDir Path folder;

  /// The exit code and what is printed, errors too.
  private static String genserverd(String... arguments) {
    var out = System.out;
    var err = System.err;
    var bytes = new ByteArrayOutputStream();
    var stream = new PrintStream(bytes, true, UTF_8);
    System.setOut(stream);
    System.setErr(stream);
    try {
      var code = Commands.commandLine().execute(arguments);
      return code + " " + bytes.toString(UTF_8);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private String tokens() {
    return folder.resolve("tokens").toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "config --auth token --tokens-file run",
        "--auth token --tokens-file run config",
        "--auth=token config --tokens-file=run"
      })
  void flagsTakeWordsThatAreCommandsElsewhere(String line) {
    assertThat(genserverd(line.split(" ", -1)))
        .startsWith("0 ")
        .containsPattern("(?m)^auth +token +--auth$")
        .containsPattern("(?m)^tokens.file +run +--tokens-file$");
  }

  @Test
  void flagWithoutValueIsToldByName() {
    assertThat(genserverd("config", "--auth"))
        .isEqualTo("64 Missing value for --auth; see genserverd --help\n");
  }

  @Test
  void tokensAreMadeListedAndRevoked() {
    var made = genserverd("token", "create", "shop", "--tokens-file", tokens());
    assertThat(made)
        .matches(
            "0 gsd_\\S{52}\ntoken of 'shop' made; \\S+ keeps its hash, so it is not shown again\n");
    assertThat(genserverd("token", "list", "--tokens-file", tokens()))
        .matches("0 shop +[A-Za-z0-9]{8} +\\d{4}-\\d\\d-\\d\\d\n");
    assertThat(genserverd("token", "revoke", "shop", "--tokens-file", tokens()))
        .isEqualTo("0 1 token revoked\n");
    assertThat(genserverd("token", "revoke", "shop", "--tokens-file", tokens()))
        .isEqualTo(
            "65 %s has no token of a principal 'shop', nor one with that id; 'genserverd token list' shows them\n"
                .formatted(tokens()));
  }

  @Test
  void tokenCommandSaysWhatItLacks() throws IOException {
    assertThat(genserverd("token", "list"))
        .isEqualTo(
            "64 which file? name it with --tokens-file FILE, GENSERVERD_TOKENS_FILE, or 'tokens.file' in the configuration\n");
    assertThat(genserverd("token", "list", "--tokens-file", tokens()))
        .isEqualTo(
            "65 token file %s does not exist; 'genserverd token create' makes it\n"
                .formatted(tokens()));
    assertThat(genserverd("token")).startsWith("64 Usage: genserverd token");
    var file = Files.createFile(folder.resolve("file"));
    assertThat(genserverd("token", "create", "shop", "--tokens-file", file + "/tokens"))
        .startsWith("73 token file ");
  }

  @Test
  void certificatesAreMadeOnceAndKeysAreForTheirOwnerAlone() throws Exception {
    var certificates = folder.resolve("certs");
    assertThat(genserverd("tls", "self-signed", certificates.toString(), "--host", "10.0.0.7"))
        .startsWith("0 " + certificates.resolve("ca.crt"))
        .contains("genserverd --tls-certificate " + certificates.resolve("server.crt"));
    for (var key : new String[] {"ca.key", "server.key", "client.key"}) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(certificates.resolve(key))))
          .isEqualTo("rw-------");
    }
    var before = Files.readString(certificates.resolve("ca.key"));
    assertThat(genserverd("tls", "self-signed", certificates.toString()))
        .isEqualTo(
            "73 %s is there already; remove it, or name another folder\n"
                .formatted(certificates.resolve("ca.crt")));
    assertThat(Files.readString(certificates.resolve("ca.key"))).isEqualTo(before);
  }

  @Test
  void helpOfRunIsAManualWithEverySettingOnce() {
    var help = genserverd("run", "--help");
    assertThat(help)
        .startsWith("0 Usage: genserverd [run] [OPTIONS]\n")
        .containsSubsequence(
            "\nWHERE SETTINGS COME FROM\n",
            "\nSETTINGS\n",
            "\nWhere it listens:\n",
            "\nThe log:\n",
            "\nSIGNALS\n",
            "\nEXIT CODES\n",
            "\nFILES\n",
            "\nENVIRONMENT\n",
            "\nEXAMPLES\n")
        .doesNotContain("{settings}");
    var words = help.replaceAll("\\s+", " ");
    for (var key : ConfigKey.all()) {
      assertThat(help.split("\n  " + key.flag() + " VALUE\n", -1)).as(key.name()).hasSize(2);
      assertThat(words)
          .contains(key.flag() + " VALUE " + key.description())
          .contains(" " + key.variable() + ", " + key.name() + " ");
      if (!key.defaultText().isEmpty()) {
        assertThat(words).contains("Default: " + key.defaultText() + ". " + key.variable());
      }
    }
    assertThat(help.lines().filter(line -> line.length() > 80)).isEmpty();
  }

  @Test
  void everyFlagThatTheManualNamesIsThere() {
    var flags =
        Pattern.compile("--[a-z-]*[a-z]")
            .matcher(Manual.text())
            .results()
            .map(MatchResult::group)
            .distinct()
            .filter(flag -> !flag.equals("--tls")) // all that begin so
            .toList();
    var run = Commands.commandLine().getSubcommands().get("run").getCommandSpec();
    assertThat(flags).hasSizeGreaterThan(30).allMatch(flag -> run.findOption(flag) != null);
  }

  private Path config(String text) throws IOException {
    return Files.writeString(folder.resolve("genserverd.yaml"), text);
  }

  @Test
  void checkOfAConfigurationTellsAllThatIsWrongWithItAndStartsNothing() throws IOException {
    Files.createDirectory(folder.resolve("plugins"));
    Files.writeString(folder.resolve("plugins/broken.jar"), "no jar");
    var file =
        config(
            """
            frame: {max-byte: 3}
            listen: nowhere
            auth: token
            tokens: {file: %1$s/none}
            tls:
              certificate: %1$s/none.crt
              key: %1$s/none.key
            plugins:
              dir: %1$s/plugins
              config:
                shop: {currency: EUR}
            processes:
            - {name: hits, behaviour: counter}
            """
                .formatted(folder));
    assertThat(genserverd("config", "check", file.toString()))
        .startsWith("78 ")
        .contains(
            "config 'frame.max-byte' ("
                + file
                + ":1) is unknown; did you mean 'frame.max-bytes'?\n",
            "config 'listen' (" + file + ":2) must be ",
            "tls.certificate " + folder + "/none.crt cannot be read: ",
            "(config 'tls.certificate', " + file + ":6)\n",
            "tokens.file " + folder + "/none cannot be read: ",
            "(config 'tokens.file', " + file + ":4)\n",
            "broken.jar",
            "config 'plugins.config.shop' (" + file + ":11) is for no plugin that is loaded",
            "hits");
  }

  @Test
  void checkTellsWhatAPluginDoesNotTakeWithoutRepeatingASecret() throws IOException {
    SecretsInLogsTest.VAULT.writeTo(Files.createDirectory(folder.resolve("plugins")));
    var file =
        config(
            """
            plugins:
              dir: %s/plugins
              config:
                vault:
                  kee: 3
                  key: open-sesame
            """
                .formatted(folder));
    assertThat(genserverd("config", "check", file.toString()))
        .startsWith("78 ")
        .contains(
            "config 'plugins.config.vault.kee' (" + file + ":5) is unknown",
            "config 'plugins.config.vault.key' (" + file + ":6) is a secret")
        .doesNotContain("open-sesame");
  }

  @Test
  void checkOfAGoodConfigurationSaysSo() throws IOException {
    var file = config("principals: [{name: ops, admin: true}]\n");
    for (var line :
        new String[][] {
          {"config", "check", file.toString()},
          {"config", "check", "--config", file.toString()},
          {"--config", file.toString(), "config", "check"},
        }) {
      assertThat(genserverd(line))
          .startsWith("0 ")
          .endsWith("nothing is wrong: principals 1, plugins 0, processes 0\n");
    }
    assertThat(genserverd("config", "check", folder + "/none.yaml"))
        .isEqualTo(
            "78 config file %s/none.yaml does not exist; create it, or name another\n"
                .formatted(folder));
  }

  @Test
  void settingsArePrintedWithoutSecrets() throws IOException {
    var file =
        config(
            """
            plugins:
              config:
                shop:
                  currency: EUR
                  api-key: {file: /run/secrets/key}
                  password: open-sesame
                  nested: {refresh-token: 4711, max-tokens: 3}
                  secret: {value: 4711}
                  logins: [{user: ada, passphrase: pssst}]
            """);
    assertThat(genserverd("config", "--config", file.toString()))
        .containsPattern("(?m)^plugins.config.shop.currency +EUR ")
        .containsPattern("(?m)^plugins.config.shop.api-key +\\{file: /run/secrets/key\\} ")
        .containsPattern("(?m)^plugins.config.shop.password +\\*\\*\\* ")
        .containsPattern("(?m)^plugins.config.shop.nested.refresh-token +\\*\\*\\* ")
        .containsPattern("(?m)^plugins.config.shop.nested.max-tokens +3 ")
        .containsPattern(
            "(?m)^plugins.config.shop.logins +\\[\\{user: ada, passphrase: \\*\\*\\*\\}\\] ")
        .doesNotContain("open-sesame", "4711", "pssst");
  }
}
