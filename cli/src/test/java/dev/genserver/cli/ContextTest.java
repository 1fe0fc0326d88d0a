package dev.genserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.protocol.ClientMessage;
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

/// Names for daemons, and which of all that says where one is counts.
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class ContextTest {

  private static final Genserver DONE = new Genserver(0, "", "");

  @TempDir Path home;

  private Genserver run(String... args) {
    return run("", Map.of(), args);
  }

  private Genserver run(String stdin, Map<String, String> environment, String... args) {
    var all = new HashMap<>(Map.of("HOME", home.toString()));
    all.putAll(environment);
    return Genserver.run(stdin, all, args);
  }

  private Path folder() {
    return home.resolve(".config/genserver");
  }

  /// The token that a daemon gets when a command is run; empty for none.
  private static String tokenSeenBy(ScriptedDaemon daemon) throws Exception {
    var first = daemon.request();
    return first instanceof ClientMessage.Hello hello ? String.valueOf(hello.token()) : "";
  }

  @Test
  void contextInUseSaysWhereTheDaemonIsAndLogsIn() throws Exception {
    var token = Files.writeString(home.resolve("shop.token"), "gsd_1_file\n");
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
    try (var daemon = ScriptedDaemon.thatReplies("3")) {
      assertThat(
              run("context", "add", "a", "--url", daemon.url(), "--token-file", token.toString()))
          .isEqualTo(DONE);
      assertThat(run("context", "use", "a")).isEqualTo(DONE);

      assertThat(run("call", "counter", "get")).isEqualTo(new Genserver(0, "3\n", ""));
      assertThat(tokenSeenBy(daemon)).isEqualTo("gsd_1_file");
    }
  }

  @Test
  void tokenThatWasGivenInIsKeptForTheUserAloneAndNeverShown() throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies("3")) {
      var add =
          run(
              "gsd_1_s3cret\n",
              Map.of(),
              "context",
              "add",
              "a",
              "--url",
              daemon.url(),
              "--token-stdin");
      assertThat(add).isEqualTo(DONE);

      assertThat(rights(folder())).isEqualTo("rwx------");
      assertThat(rights(folder().resolve("contexts"))).isEqualTo("rw-------");
      assertThat(rights(folder().resolve("a.token"))).isEqualTo("rw-------");
      assertThat(Files.readString(folder().resolve("contexts"))).doesNotContain("s3cret");
      assertThat(run("context", "show", "a").out())
          .contains("token-file: " + folder().resolve("a.token"))
          .doesNotContain("s3cret");
      assertThat(run("ping", "--context", "a")).isEqualTo(new Genserver(0, "\"pong\"\n", ""));
      assertThat(tokenSeenBy(daemon)).isEqualTo("gsd_1_s3cret");

      assertThat(run("context", "remove", "a")).isEqualTo(DONE);
      assertThat(folder())
          .isDirectoryContaining("glob:**contexts")
          .isDirectoryNotContaining("glob:**token");
    }
  }

  private static String rights(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void optionsComeBeforeTheEnvironmentAndThatBeforeAContext() throws Exception {
    try (var used = ScriptedDaemon.thatReplies("\"used\"");
        var asked = ScriptedDaemon.thatReplies("\"asked\"");
        var other = ScriptedDaemon.thatReplies("\"other\"")) {
      run("context", "add", "used", "--url", used.url());
      run("context", "add", "asked", "--url", asked.url());
      run("context", "use", "used");
      var variable = Map.of("GENSERVER_CONTEXT", "asked");
      var url = Map.of("GENSERVER_URL", other.url());

      assertThat(run("call", "a", "b").out()).isEqualTo("\"used\"\n");
      assertThat(run("", variable, "call", "a", "b").out()).isEqualTo("\"asked\"\n");
      assertThat(run("", url, "call", "a", "b").out()).isEqualTo("\"other\"\n");
      assertThat(run("", url, "call", "a", "b", "--context", "asked").out())
          .isEqualTo("\"asked\"\n");
      assertThat(run("", variable, "call", "a", "b", "--url", other.url()).out())
          .isEqualTo("\"other\"\n");
      assertThat(run("call", "a", "b", "--context", "asked", "--url", other.url()).out())
          .isEqualTo("\"other\"\n");
    }
  }

  @Test
  void tokenOfTheContextInUseGoesToNoOtherDaemon() throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies("3")) {
      run("gsd_1_s3cret", Map.of(), "context", "add", "a", "--url", "127.0.0.1:1", "--token-stdin");
      run("context", "use", "a");

      assertThat(run("call", "counter", "get", "--url", daemon.url()).exitCode()).isZero();
      assertThat(tokenSeenBy(daemon)).isEmpty();
      var environment = Map.of("GENSERVER_URL", daemon.url());
      assertThat(run("", environment, "call", "counter", "get").exitCode()).isZero();
      assertThat(tokenSeenBy(daemon)).isEmpty();
    }
  }

  @Test
  void contextThatIsAskedForStandsInForTheEnvironment() throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies("3")) {
      run("context", "add", "a", "--url", daemon.url());
      var environment = Map.of("GENSERVER_TOKEN", "gsd_1_s3cret", "GENSERVER_CA", "ca.crt");

      assertThat(run("", environment, "call", "counter", "get", "--context", "a").exitCode())
          .isZero();
      assertThat(tokenSeenBy(daemon)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "contexts, rw-r--r--, 600",
    "contexts, rw--w----, 600",
    "'', rwxr-xr-x, 700",
    "'', rwx----w-, 700"
  })
  void whatOthersCanReadOrWriteIsNotUsed(String file, String rights, String mended)
      throws Exception {
    run("context", "add", "a", "--url", "127.0.0.1:1");
    var path = folder().resolve(file);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));

    var refused =
        new Genserver(
            66,
            "",
            "%s is not for you alone, and says where your tokens go; mend that by 'chmod %s %s'\n"
                .formatted(path, mended, path));
    assertThat(run("ping", "--context", "a")).isEqualTo(refused);
    assertThat(run("ping")).isEqualTo(refused);
    assertThat(run("context", "use", "a")).isEqualTo(refused);
  }

  @Test
  void contextsAreListedAndShown() {
    run("context", "add", "a", "--url", "alpha.example", "--server-name", "beta.example");
    run("context", "add", "b", "--url", "tls://[::1]:7000", "--ca", "ca.crt");
    run("context", "use", "b");

    assertThat(run("context", "list").out())
        .isEqualTo(
            """
            NAME  IN USE  URL
            a     no      alpha.example:6470
            b     yes     tls://[::1]:7000
            """);
    assertThat(run("context", "--json").out())
        .isEqualTo(
            """
            [{"name":"a","in_use":false,"url":"alpha.example:6470","server_name":"beta.example"},\
            {"name":"b","in_use":true,"url":"tls://[::1]:7000","ca":"%s"}]
            """
                .formatted(Path.of("ca.crt").toAbsolutePath()));
    assertThat(run("context", "show").out())
        .isEqualTo(
            "b, in use\nurl: tls://[::1]:7000\nca: %s\n"
                .formatted(Path.of("ca.crt").toAbsolutePath()));
    assertThat(run("context", "show", "a", "--json").out())
        .startsWith("{\"name\":\"a\",\"in_use\":false,");
    run("context", "remove", "b");
    assertThat(run("context", "show"))
        .isEqualTo(
            new Genserver(
                66, "", "no context is in use; 'genserver context use NAME' takes one into use\n"));
  }

  @Test
  void folderIsWhereTheXdgSpecificationHasIt() {
    var configuration = home.resolve("xdg");
    var environment = Map.of("XDG_CONFIG_HOME", configuration.toString());
    run("", environment, "context", "add", "a", "--url", "localhost");

    assertThat(configuration.resolve("genserver/contexts")).exists();
    assertThat(folder()).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          context add a                                        | 64 | --url
          context add a --url host:port                        | 64 | is not an address
          context add a/b --url localhost                      | 64 | 'a/b' cannot name a context
          context add old --url localhost                      | 64 | 'genserver context remove old'
          context add a --url localhost --token-stdin --token-file f | 64 | not both
          context add a --url localhost --token-stdin          | 64 | no token on standard input
          context use a                                        | 66 | there is no context 'a'
          context show a                                       | 66 | there is no context 'a'
          context remove a                                     | 66 | there is no context 'a'
          ping --context a                                     | 66 | there is no context 'a'
          """)
  void whatCannotBeDoneIsSaid(String line, int exitCode, String message) {
    run("context", "add", "old", "--url", "localhost");

    var ended = run(line.split(" ", -1));
    assertThat(ended.exitCode()).isEqualTo(exitCode);
    assertThat(ended.err()).contains(message);
    assertThat(run("context", "list", "-q").out()).isEqualTo("old   no      localhost:6470\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n[a\nurl\n = x\nuse = gone", "[a]\nurl = x\ncolour = red"})
  void fileOfAnotherVersionIsReadAsFarAsItIsUnderstood(String text) throws Exception {
    run("context", "add", "old", "--url", "localhost");
    Files.writeString(folder().resolve("contexts"), text);

    assertThat(run("context", "add", "new", "--url", "localhost")).isEqualTo(DONE);
    assertThat(run("context", "list").out()).contains("new");
  }
}
