package dev.genserver.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
      var code = Main.commandLine().execute(arguments);
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
}
