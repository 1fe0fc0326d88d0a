package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.daemon.Daemon;
import dev.genserver.daemon.config.ConfigLoader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The clients in docs/clients, in their own languages: all go through the same scenario, with the
/// same outcome, and are shown in docs/clients.md as they are.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ClientsDocIT {

  private static final Path CLIENTS = Path.of("../docs/clients");
  private static final Path SCENARIOS = Path.of("src/test/resources/clients");
  private static final Pattern SHOWN =
      Pattern.compile("(?ms)^<!-- file: (\\S+) -->\n```\\w+\n(.+?)^```$");

  /// A language, the files that make a program of its client, and how that is run.
  enum Language {
    PYTHON("genserver.py scenario.py", "python3 scenario.py"),
    NODE("genserver.mjs scenario.mjs", "node scenario.mjs"),
    ELIXIR("genserver.ex scenario.exs json.exs", "elixir -r json.exs -r genserver.ex scenario.exs"),
    GO("genserver.go scenario.go", "go run genserver.go scenario.go"),
    BASH("genserver.sh scenario.sh", "bash scenario.sh");

    final String files;
    final String command;

    Language(String files, String command) {
      this.files = files;
      this.command = command;
    }
  }

  private static @TempDir Path plugins;
  private static DaemonFixture daemon;
  private static OddServer oddServer;

  @TempDir Path folder;

  @BeforeAll
  static void startDaemon() throws Exception {
    DaemonFixture.copyExamples(plugins);
    DaemonFixture.WAYWARD.writeTo(plugins);
    daemon = DaemonFixture.start(plugins);
    oddServer = new OddServer();
  }

  @AfterAll
  static void stopDaemon() throws IOException {
    oddServer.close();
    daemon.close();
  }

  @ParameterizedTest
  @EnumSource
  void clientDoesWhatThePageSays(Language language) throws Exception {
    if (language == Language.BASH) {
      PlainShell.find("jq");
    }
    for (var file : language.files.split(" ", -1)) {
      var source = Files.exists(CLIENTS.resolve(file)) ? CLIENTS : SCENARIOS;
      Files.copy(source.resolve(file), folder.resolve(file));
    }
    var command = new ArrayList<>(List.of(language.command.split(" ", -1)));
    command.add(Integer.toString(daemon.daemon.address().getPort()));
    command.add(Integer.toString(oddServer.port()));

    assertThat(run(command))
        .isEqualTo(
            """
            3
            0
            noproc no
            bad_message no
            stored
            60000
            timeout maybe
            dribbled
            timeout maybe
            unavailable maybe
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "python3 least.py, 3|0|noproc no|",
    "node least.mjs, 3|0|noproc no|",
    "elixir -r json.exs least.exs, 3|0|noproc no|",
    "go run least.go, 3|noproc|"
  })
  void theLeastThatItTakesIsEnough(String line, String output) throws Exception {
    Files.copy(SCENARIOS.resolve("json.exs"), folder.resolve("json.exs"));
    var command = new ArrayList<>(List.of(line.split(" ", -1)));
    Files.copy(CLIENTS.resolve(command.getLast()), folder.resolve(command.getLast()));
    command.add(Integer.toString(daemon.daemon.address().getPort()));

    assertThat(run(command)).isEqualTo(output.replace('|', '\n'));
  }

  @ParameterizedTest
  @ValueSource(strings = {"python3 secure.py", "node secure.mjs"})
  void clientLogsInOverTls(String line) throws Exception {
    var command = List.of(line.split(" ", -1));
    genserverd("tls", "self-signed", folder.resolve("certs").toString());
    var token = genserverd("token", "create", "shop", "--tokens-file", folder + "/tokens");
    Files.writeString(folder.resolve("shop.token"), token);
    var configuration =
        """
        listen: 127.0.0.1:0
        auth: token
        tokens:
          file: FOLDER/tokens
        tls:
          certificate: FOLDER/certs/server.crt
          key: FOLDER/certs/server.key
        plugins:
          dir: PLUGINS
        principals:
          - name: shop
            call: [counter]
        """
            .replace("FOLDER", folder.toString())
            .replace("PLUGINS", plugins.toString());
    var file = Files.writeString(folder.resolve("genserverd.yaml"), configuration);
    try (var guarded = Daemon.start(ConfigLoader.load(Optional.of(file), Map.of(), Map.of()))) {
      var program = Files.readString(CLIENTS.resolve(command.getLast()));
      assertThat(program).contains("6470");
      var port = Integer.toString(guarded.address().getPort());
      Files.writeString(folder.resolve(command.getLast()), program.replace("6470", port));
      var client = command.getLast().replace("secure", "genserver");
      Files.copy(CLIENTS.resolve(client), folder.resolve(client));

      assertThat(run(command)).isEqualTo("0\n");
    }
  }

  @Test
  void pageShowsTheClientsAsTheyAre() throws Exception {
    var shown = SHOWN.matcher(Files.readString(Path.of("../docs/clients.md"))).results().toList();
    try (var files = Files.list(CLIENTS)) {
      assertThat(shown.stream().map(file -> file.group(1)))
          .containsExactlyInAnyOrderElementsOf(
              files.map(file -> "clients/" + file.getFileName()).toList());
    }
    for (var file : shown) {
      assertThat(Path.of("../docs").resolve(file.group(1))).hasContent(file.group(2));
    }
  }

  /// The output of a program of another language; the test is skipped where it is not installed.
  private String run(List<String> command) throws IOException, InterruptedException {
    var line = new ArrayList<>(command);
    line.set(0, PlainShell.find(command.getFirst()).toString());
    var errors = folder.resolve("stderr").toFile();
    var builder = new ProcessBuilder(line).directory(folder.toFile()).redirectError(errors);
    builder.environment().put("GO111MODULE", "off");
    builder.environment().put("GOCACHE", folder.resolve("go").toString());
    builder.environment().put("LC_ALL", "C.UTF-8");
    // Where Debian has its libraries for Erlang.
    builder.environment().put("ERL_LIBS", "/usr/lib/erlang/lib");
    var process = builder.start();
    try {
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(errors.toPath())).isZero();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }

  private static String genserverd(String... arguments) throws Exception {
    var command =
        new ArrayList<>(List.of(DaemonProgram.JAVA, "-jar", "../daemon/target/genserverd.jar"));
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    return DaemonProgram.output(process).replaceFirst("^0 ?", "");
  }
}
