package dev.genserver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is read without picocli means the same to picocli.
class StartLineTest {

  private static String[] words(String line) {
    return line.isEmpty() ? new String[0] : line.split(" ", -1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "run",
        "--listen 127.0.0.1:0",
        "run --listen 127.0.0.1:0 --plugins p --log-format json",
        "run --listen=127.0.0.1:0 --tokens-file=a=b --log-level=",
        "--log-level info --admin 127.0.0.1:6471 --listen 127.0.0.1:6470",
        "--config /etc/genserverd/genserverd.yaml --auth token",
        "--config=genserverd.yaml",
        "--config conf/run",
        "--tokens-file run --auth --listen",
        "--log-level \"quoted\""
      })
  void linesThatStartADaemonAreReadAsPicocliReadsThem(String line) {
    assertThat(StartLine.parse(words(line)))
        .isNotNull()
        .isEqualTo(Commands.line(Commands.commandLine().parseArgs(words(line))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "-h",
        "--version",
        "run --help",
        "run run",
        "config",
        "config check genserverd.yaml",
        "token list",
        "tls self-signed",
        "--auth token config",
        "--listen",
        "run --listen",
        "--listen 127.0.0.1:1 --listen 127.0.0.1:2",
        "--listen 127.0.0.1:1 run --admin 127.0.0.1:2",
        "--listn 127.0.0.1:1",
        "--config run",
        "--config --listen",
        "--log-level @levels",
        "@arguments",
        "-x",
        "--",
        "=",
        "--=1"
      })
  void allOthersAreLeftToPicocli(String line) {
    assertThat(StartLine.parse(words(line))).isNull();
  }

  @Test
  void settingsStandInTheirOrderWhateverThatOnTheLineIs() {
    assertThat(StartLine.parse("--log-level", "info", "--listen", "127.0.0.1:0").flags())
        .containsExactly(Map.entry("--listen", "127.0.0.1:0"), Map.entry("--log-level", "info"));
  }
}
