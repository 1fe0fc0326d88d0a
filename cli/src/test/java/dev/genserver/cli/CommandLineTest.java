package dev.genserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.protocol.Framing;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class CommandLineTest {

  private static final Shell NOWHERE =
      new Shell(InputStream.nullInputStream(), System.out, System.err, Map.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ping",
        "ping --url localhost:6470",
        "ping -q --json",
        "call counter get --quiet",
        "call counter get --context prod",
        "call counter get",
        "call counter add by=3 --timeout 2s",
        "call counter --timeout 2s --url [::1]:6470 add by=3",
        "call counter -",
        "cast counter reset",
        "cast --no-confirm counter add by=3 --url localhost"
      })
  void quickParserUnderstandsWhatPicocliUnderstands(String line) {
    var args = line.split(" ");

    assertThat(QuickParser.parse(args)).isNotNull().isEqualTo(byPicocli(args));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ping --verbose",
        "call counter get --timeout=2s",
        "call --url=localhost counter get",
        "call counter -- -3",
        "ping --token-file token",
        "call counter get --ca ca.crt --cert client.crt --key client.key --server-name"
            + " alpha.example",
        "cast counter get --verbose --no-confirm"
      })
  void whatIsNotPlainIsLeftToPicocli(String line) {
    var args = line.split(" ");

    assertThat(QuickParser.parse(args)).isNull();
    assertThat(byPicocli(args)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                                      | Missing command
          frob                                    | 'frob'
          call                                    | 'NAME'
          call counter                            | 'MESSAGE'
          call counter get --timout 2s            | --timeout
          call counter get --timeout              | --timeout
          call counter get --timeout 2s --timeout 3s | --timeout
          call counter get --no-confirm           | --no-confirm
          call counter get --timeout 2            | '2' is not a time limit; write a whole number with its unit
          call counter get --timeout s            | 's' is not a time limit
          call counter get --timeout 1.5s         | '1.5s' is not a time limit
          call counter get --timeout 9999999999s  | '9999999999s' is not a time limit
          call counter {"type":                   | the message is neither JSON nor a word: malformed JSON at byte 8
          call counter @file                      | the message is neither JSON nor a word
          call counter -                          | the message is neither JSON nor a word
          call counter add 3                      | '3' is not a field of the message; write name=value
          call counter add =3                     | '=3' is not a field of the message
          call counter add by=3 by=4              | the message has the field 'by' twice
          call counter add type=x                 | the message has the field 'type' twice
          call counter {"a":1} by=3               | cannot have fields after it
          cast counter reset --timeout 2s         | --timeout
          ping counter                            | 'counter'
          ping --ca ca.crt --url tcp://localhost  | 'tcp://localhost:6470' is without TLS, but a CA file, certificate, key or server name is given
          ping --cert client.crt                  | a client certificate and its key belong together; give both --cert and --key, or none
          ping --url tls://                       | --url 'tls://' is not an address
          ping --url tls://localhost:             | --url 'tls://localhost:' is not an address
          ping --url http://localhost:6470        | --url 'http://localhost:6470' is not an address; write host:port
          ping --url localhost:                   | --url 'localhost:' is not an address
          ping --url localhost:99999              | is not an address
          ping --url localhost:0                  | is not an address
          ping --url :6470                        | is not an address
          ping --url [::1:6470                    | is not an address
          ping --url ::1                          | is not an address
          """)
  void commandLineThatIsNoneIsRefused(String line, String problem) {
    var args = line.isEmpty() ? new String[0] : line.split(" ");
    var run = Genserver.run("", Map.of("GENSERVER_URL", "127.0.0.1:1"), args);

    assertThat(run.exitCode()).isEqualTo(64);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ping --token s3cret", "call counter get --token=s3cret"})
  void tokenOnTheCommandLineIsRefusedAndNotShown(String line) {
    var run = Genserver.run("", Map.of(), line.split(" "));

    assertThat(run)
        .isEqualTo(
            new Genserver(
                64,
                "",
                "there is no --token, since all users of this machine could see it in the list of"
                    + " processes; give --token-file or GENSERVER_TOKEN\n"));
  }

  @Test
  void optionWinsOverTheEnvironment() throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies("0")) {
      var environment = Map.of("GENSERVER_URL", "no-such-host.invalid:1");

      assertThat(Genserver.run("", environment, "ping", "--url", daemon.url()).exitCode()).isZero();
    }
  }

  @Test
  void addressInTheEnvironmentThatIsNoneIsRefused() {
    var run = Genserver.run("", Map.of("GENSERVER_URL", "localhost:port"), "ping");

    assertThat(run.exitCode()).isEqualTo(64);
    assertThat(run.err()).startsWith("GENSERVER_URL 'localhost:port' is not an address");
  }

  @ParameterizedTest
  @CsvSource({"example.org,example.org", "example.org:6470,example.org", "[::1]:6470,[::1]"})
  void portIsTheDaemonsUnlessSaid(String url, String host) {
    var options = new Command.Options(url, Credentials.NONE, false, false, false);

    assertThat(Address.of(options, NOWHERE)).isEqualTo(new Address("", host, Framing.DEFAULT_PORT));
  }

  @ParameterizedTest
  @CsvSource({
    "tcp://example.org,       tcp://, example.org",
    "tls://example.org:6470,  tls://, example.org",
    "tls://[::1]:6470,        tls://, [::1]"
  })
  void schemeMayStandBeforeTheHost(String url, String scheme, String host) {
    var options = new Command.Options(url, Credentials.NONE, false, false, false);

    assertThat(Address.of(options, NOWHERE))
        .isEqualTo(new Address(scheme, host, Framing.DEFAULT_PORT));
  }

  @Test
  void daemonIsOnLoopbackUnlessSaid() {
    var options = new Command.Options(null, Credentials.NONE, false, false, false);

    assertThat(Address.of(options, NOWHERE)).hasToString("127.0.0.1:6470");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "help", "call --help", "help cast"})
  void helpGoesToStandardOutput(String line) {
    var run = Genserver.run("", Map.of(), line.split(" "));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("Usage: genserver");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void helpSaysWhyNoOptionTakesTheTokenItself() {
    var run = Genserver.run("", Map.of(), "--help");

    assertThat(run.out().replaceAll("\\s+", " "))
        .contains("No option takes the token itself: all users of this machine could see it");
  }

  @Test
  void versionIsThatOfTheJar() {
    var run = Genserver.run("", Map.of(), "--version");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEqualTo("genserver dev\n");
  }

  @Test
  void commandThatIsMadeAloneIsAsAmongAll() {
    assertAloneAsIn(Commands.commandLine(NOWHERE, List.of()), List.of());
  }

  private static void assertAloneAsIn(CommandLine all, List<String> words) {
    all.getSubcommands()
        .forEach((name, command) -> {
          if (!name.equals("help")) {
            var below = new ArrayList<>(words);
            below.add(name);
            var root = Commands.commandLine(NOWHERE, below);
            assertThat(root.getSubcommands()).containsOnlyKeys(below.getFirst(), "help");
            var alone = root;
            for (var word : below) {
              alone = alone.getSubcommands().get(word);
            }
            assertThat(alone.getUsageMessage()).isEqualTo(command.getUsageMessage());
            assertAloneAsIn(command, below);
          }
        });
  }

  private static Command byPicocli(String[] args) {
    var parsed = Commands.commandLine(NOWHERE, List.of()).parseArgs(args);
    return ((Subcommand) parsed.subcommand().commandSpec().userObject()).command();
  }
}
