package dev.genserver.cli;

import static dev.genserver.cli.ScriptedDaemon.idOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/// What the tab key offers.
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class CompletionTest {

  private static final String PROCESSES =
      "[{\"name\":\"counter\"},{\"pid\":\"<1.2>\"},{\"name\":\"chat\"}]";
  private static final String DESCRIPTION =
      """
      {"name":"counter","calls":{"add":{"by":"integer","note":"string"},"get":{}},\
      "casts":{"add":{"by":"integer"},"reset":{}}}
      """;

  private static ScriptedDaemon daemon() throws IOException {
    return ScriptedDaemon.that((request, peer) -> {
      if (request instanceof ClientMessage.Call call) {
        var about = call.msg().toString().contains("describe");
        peer.say(new ServerMessage.Reply(idOf(call), RawJson.of(about ? DESCRIPTION : PROCESSES)));
      }
    });
  }

  private static String complete(String url, String line) {
    var words = new ArrayList<>(List.of(Completion.COMMAND));
    words.addAll(List.of(line.split(" ", -1)));
    var run = Genserver.run("", Map.of("GENSERVER_URL", url), words.toArray(String[]::new));
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    return run.out().strip().replace('\n', ' ');
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cas                        | cast
          context                    | context
          'context '                 | add list remove show use
          'node d'                   | drain
          'completion '              | bash fish zsh
          'call '                    | chat counter
          'why co'                   | counter
          'call --timeout 2s c'      | chat counter
          'call counter '            | add get
          'cast counter '            | add reset
          'call counter add '        | by= note=
          'call counter add by=3 '   | note=
          'call counter add by='     | ''
          'call counter get '        | ''
          'why counter '             | ''
          'call counter get --ti'    | --timeout
          'context add a --token-s'  | --token-stdin
          'call --timeout '          | ''
          'frob '                    | ''
          """)
  void tabKeyOffersWhatMayStandThere(String line, String offered) throws Exception {
    try (var daemon = daemon()) {
      assertThat(complete(daemon.url(), line)).isEqualTo(offered);
    }
  }

  @Test
  void addressOnTheLineIsTheOneThatIsAsked() throws Exception {
    try (var daemon = daemon()) {
      assertThat(complete("127.0.0.1:1", "call --url " + daemon.url() + " co"))
          .isEqualTo("counter");
    }
  }

  @Test
  void contextsAreOffered(@TempDir Path home) {
    var environment = Map.of("HOME", home.toString());
    Genserver.run("", environment, "context", "add", "prod", "--url", "localhost");
    Genserver.run("", environment, "context", "add", "test", "--url", "localhost");

    assertThat(Genserver.run("", environment, "__complete", "context", "use", "").out())
        .isEqualTo("prod\ntest\n");
    assertThat(Genserver.run("", environment, "__complete", "ping", "--context", "p").out())
        .isEqualTo("prod\n");
  }

  @Test
  void daemonThatIsNotThereIsNotHeardOf() {
    assertThat(complete("127.0.0.1:1", "call ")).isEmpty();
  }

  @Test
  void daemonThatSaysNothingIsNotWaitedFor() throws Exception {
    try (var daemon = ScriptedDaemon.thatIsSilent()) {
      complete(daemon.url(), "call "); // loads what it takes
      var begun = System.nanoTime();
      assertThat(complete(daemon.url(), "call ")).isEmpty();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
    }
  }

  @Test
  void completionKnowsEveryCommandAboutAProcessAndEveryOptionWithAValue() {
    var shell = new Shell(System.in, System.out, System.err, Map.of());
    var genserver = Commands.commandLine(shell, List.of());
    var ofProcess = new TreeSet<String>();
    genserver
        .getSubcommands()
        .forEach((name, command) -> {
          var words = command.getCommandSpec().positionalParameters();
          if (!words.isEmpty() && words.getFirst().paramLabel().equals("NAME")) {
            ofProcess.add(name);
          }
        });
    var withValue = new TreeSet<String>();
    addOptionsWithValue(genserver, withValue);

    assertThat(Completion.OF_PROCESS).containsExactlyInAnyOrderElementsOf(ofProcess);
    assertThat(Completion.WITH_VALUE).containsExactlyInAnyOrderElementsOf(withValue);
  }

  private static void addOptionsWithValue(CommandLine command, Set<String> names) {
    for (var option : command.getCommandSpec().options()) {
      if (option.arity().max() > 0) {
        names.add(option.longestName());
      }
    }
    command.getSubcommands().values().forEach(each -> addOptionsWithValue(each, names));
  }
}
