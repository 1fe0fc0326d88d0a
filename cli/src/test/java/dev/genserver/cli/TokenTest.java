package dev.genserver.cli;

import static dev.genserver.cli.ScriptedDaemon.idOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How the command line logs in.
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class TokenTest {

  @TempDir Path folder;

  /// A daemon that wants to be greeted with a token before it answers anything.
  private static ScriptedDaemon thatKnows(String token) throws IOException {
    return ScriptedDaemon.that((request, peer) -> {
      if (request instanceof ClientMessage.Hello hello) {
        peer.say(
            token.equals(hello.token())
                ? ScriptedDaemon.welcome(hello.id())
                : new ServerMessage.Failure(
                    hello.id(),
                    WireError.refused(ErrorCode.UNAUTHENTICATED, "the token is not known")));
      } else if (request instanceof ClientMessage.Call call) {
        peer.say(new ServerMessage.Reply(idOf(call), RawJson.of("3")));
      }
    });
  }

  private Path file(String name, String text, String rights) throws IOException {
    var file = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
  }

  private static Genserver run(
      ScriptedDaemon daemon, Map<String, String> environment, String... args) {
    var all = new HashMap<>(environment);
    all.put("GENSERVER_URL", daemon.url());
    return Genserver.run("", all, args);
  }

  @Test
  void tokenComesFromTheOptionsFileThenTheVariableThenTheVariablesFile() throws Exception {
    var option = file("option", "gsd_1_option\n", "rw-------").toString();
    var variable = file("variable", "gsd_1_file\n", "rw-------").toString();
    var environment = Map.of("GENSERVER_TOKEN", "gsd_1_variable", "GENSERVER_TOKEN_FILE", variable);

    assertThat(tokenOf(environment, "call", "counter", "get", "--token-file", option))
        .isEqualTo("gsd_1_option");
    assertThat(tokenOf(environment, "call", "counter", "get")).isEqualTo("gsd_1_variable");
    assertThat(tokenOf(Map.of("GENSERVER_TOKEN_FILE", variable), "call", "counter", "get"))
        .isEqualTo("gsd_1_file");
  }

  private static String tokenOf(Map<String, String> environment, String... args) throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies("3")) {
      assertThat(run(daemon, environment, args)).isEqualTo(new Genserver(0, "3\n", ""));
      var hello = (ClientMessage.Hello) daemon.request();
      assertThat(daemon.request()).isInstanceOf(ClientMessage.Call.class);
      return hello.token();
    }
  }

  @Test
  void nothingIsSentBeforeTheWelcome() throws Exception {
    try (var daemon = thatKnows("gsd_1_s3cret")) {
      var run = run(daemon, Map.of("GENSERVER_TOKEN", "gsd_2_other"), "call", "counter", "get");

      assertThat(run)
          .isEqualTo(
              new Genserver(
                  77,
                  "",
                  "call to 'counter' failed: unauthenticated, the token is not known (not"
                      + " executed)\n"));
      assertThat(daemon.request()).isInstanceOf(ClientMessage.Hello.class);
      assertThat(run(daemon, Map.of("GENSERVER_TOKEN", "gsd_1_s3cret"), "call", "counter", "get"))
          .isEqualTo(new Genserver(0, "3\n", ""));
      assertThat(daemon.request()).isInstanceOf(ClientMessage.Hello.class);
    }
  }

  @Test
  void castThatWouldBeSilentFailsWhereTheLoginDoes() throws Exception {
    try (var daemon = thatKnows("gsd_1_s3cret")) {
      var environment = Map.of("GENSERVER_TOKEN", "gsd_2_other");

      assertThat(run(daemon, environment, "cast", "counter", "reset", "--no-confirm").exitCode())
          .isEqualTo(77);
    }
  }

  @Test
  void withoutATokenThereIsNoHello() throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies("3")) {
      run(daemon, Map.of("GENSERVER_TOKEN", ""), "call", "counter", "get");

      assertThat(daemon.request()).isInstanceOf(ClientMessage.Call.class);
    }
  }

  @ParameterizedTest
  @CsvSource({"rw-r--r--, true", "rw-r-----, false", "rw-------, false"})
  void fileThatAllUsersCanReadIsWarnedOf(String rights, boolean warned) throws Exception {
    var file = file("token", "gsd_1_s3cret", rights);
    try (var daemon = thatKnows("gsd_1_s3cret")) {
      var run = run(daemon, Map.of(), "call", "counter", "get", "--token-file", file.toString());

      assertThat(run)
          .isEqualTo(
              new Genserver(
                  0,
                  "3\n",
                  warned
                      ? "warning: all users of this machine can read the token file %1$s; mend that by 'chmod 600 %1$s'\n"
                          .formatted(file)
                      : ""));
    }
  }

  @Test
  void quietCommandDoesNotWarn() throws Exception {
    var file = file("token", "gsd_1_s3cret", "rw-r--r--");
    try (var daemon = thatKnows("gsd_1_s3cret")) {
      var environment = Map.of("GENSERVER_TOKEN_FILE", file.toString());

      assertThat(run(daemon, environment, "call", "counter", "get", "-q"))
          .isEqualTo(new Genserver(0, "3\n", ""));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "gsd_1_s3cret gsd_2_s3cret", "gsd_1_s3cret\u0007"})
  void fileWithoutATokenIsRefusedAndNotShown(String text) throws Exception {
    var file = file("token", text, "rw-------").toString();
    try (var daemon = thatKnows("gsd_1_s3cret")) {
      assertThat(run(daemon, Map.of("GENSERVER_TOKEN_FILE", file), "ping"))
          .isEqualTo(
              new Genserver(
                  66, "", "token file " + file + " must hold one token, and nothing else\n"));
    }
  }

  @Test
  void fileThatIsNotThereIsNamed() throws Exception {
    var file = folder.resolve("token").toString();
    try (var daemon = thatKnows("gsd_1_s3cret")) {
      assertThat(run(daemon, Map.of(), "ping", "--token-file", file))
          .isEqualTo(new Genserver(66, "", "token file " + file + " does not exist\n"));
    }
  }

  @Test
  void tokenIsInNoOutput() throws Exception {
    try (var daemon = thatKnows("gsd_1_s3cret")) {
      var refused = Map.of("GENSERVER_TOKEN", "gsd_2_s3cret");
      var run = run(daemon, refused, "call", "counter", "get", "--verbose");
      assertThat(run.exitCode()).isEqualTo(77);
      assertThat(run.err()).contains("\tat dev.genserver.cli.").doesNotContain("s3cret");

      var none = Map.of("GENSERVER_TOKEN", "gsd_1_s3cret and more");
      run = run(daemon, none, "call", "counter", "get", "--verbose");
      assertThat(run.exitCode()).isEqualTo(64);
      assertThat(run.err())
          .startsWith("GENSERVER_TOKEN is no token; it must be one word")
          .doesNotContain("s3cret");

      var shell = new Shell(System.in, System.out, System.err, refused);
      assertThat(
              Access.of(new Command.Options(null, Credentials.NONE, false, false, true), shell)
                  .toString())
          .doesNotContain("s3cret");
    }
  }
}
