package dev.genserver.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.daemon.net.Peer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// How a daemon logs: as it is configured, and as it is told while it runs.
@Isolated("it sets how the whole JVM logs")
@Timeout(60)
class LogSettingsTest {

  private static final String NET = "dev.genserver.daemon.net";

  @TempDir Path folder;

  @AfterEach
  void asBefore() throws StartException {
    DaemonUnderTest.start(Optional.empty(), Map.of()).close();
  }

  private DaemonUnderTest daemon(String log) throws Exception {
    return DaemonUnderTest.start(Optional.of(config(log)), Map.of());
  }

  private Path config(String log) throws Exception {
    return Files.writeString(folder.resolve("genserverd.yaml"), log);
  }

  private static Map<String, Object> ask(Peer peer, String msg) throws Exception {
    return peer.send("{\"op\":\"call\",\"id\":1,\"to\":\"sys.node\",\"msg\":%s}".formatted(msg))
        .receive();
  }

  private static boolean logs(String logger, Level level) {
    return System.getLogger(logger).isLoggable(level);
  }

  @Test
  void levelsAreThoseOfTheConfiguration() throws Exception {
    try (var _ =
        daemon("log:\n  level: warn\n  levels: %s.Session=trace, x=off\n".formatted(NET))) {
      assertThat(logs("other", Level.WARNING)).isTrue();
      assertThat(logs("other", Level.INFO)).isFalse();
      assertThat(logs(NET + ".Session", Level.TRACE)).isTrue();
      assertThat(logs(NET + ".Connection", Level.INFO)).isFalse();
      assertThat(logs("x.y", Level.ERROR)).isFalse();
    }
    try (var _ = daemon("log: {level: debug}\n")) {
      assertThat(logs("x.y", Level.DEBUG)).isTrue();
      assertThat(logs(NET + ".Session", Level.TRACE)).isFalse();
      assertThat(logs("io.netty.channel", Level.WARNING)).isTrue();
      assertThat(logs("io.netty.channel", Level.INFO)).isFalse();
    }
    try (var _ = daemon("log: {levels: io.netty=info}\n")) {
      assertThat(logs("io.netty.channel", Level.INFO)).isTrue();
    }
  }

  @Test
  void levelsChangeWhileTheDaemonRunsUntilItReloads() throws Exception {
    try (var daemon = daemon("");
        var peer = daemon.peer();
        var audit = CapturedLog.of("dev.genserver.audit")) {
      assertThat(ask(peer, "\"log_level\""))
          .containsEntry("result", Map.of("level", "info", "levels", Map.of("io.netty", "warn")));
      assertThat(audit.lines()).isEmpty();
      var debug = "{\"type\":\"log_level\",\"logger\":\"%s\",\"level\":\"debug\"}".formatted(NET);
      assertThat(ask(peer, debug))
          .containsEntry(
              "result",
              Map.of("level", "info", "levels", Map.of("io.netty", "warn", NET, "debug")));
      assertThat(logs(NET + ".Connection", Level.DEBUG)).isTrue();
      ask(peer, "{\"type\":\"log_level\",\"level\":\"error\"}");
      assertThat(logs("other", Level.WARNING)).isFalse();
      ask(peer, "{\"type\":\"log_level\",\"level\":\"info\"}");
      assertThat(audit.lines())
          .first()
          .asString()
          .endsWith("act=log_level level=debug logger=" + NET);
      assertThat(ask(peer, "\"reload\"")).containsKey("result");
      assertThat(logs(NET + ".Connection", Level.DEBUG)).isFalse();
    }
  }

  @Test
  void whatIsNoLevelOrNoLoggerIsRefused() throws Exception {
    try (var daemon = daemon("");
        var peer = daemon.peer()) {
      assertThat(Peer.error(ask(peer, "{\"type\":\"log_level\",\"level\":\"loud\"}")))
          .containsEntry("code", "bad_message")
          .extracting("message")
          .asString()
          .contains("\"trace\"");
      assertThat(
              Peer.error(
                  ask(peer, "{\"type\":\"log_level\",\"logger\":\"a b\",\"level\":\"off\"}")))
          .containsEntry("code", "bad_message")
          .extracting("message")
          .asString()
          .startsWith("no logger has the name 'a b'");
    }
  }

  @Test
  void reloadTakesLevelsAndFormatOverAndTellsSo() throws Exception {
    try (var daemon = daemon("log: {level: info}\n");
        var peer = daemon.peer()) {
      config("log:\n  level: warn\n  format: json\nframe: {timeout: 7s}\n");
      assertThat(ask(peer, "\"reload\""))
          .containsEntry(
              "result",
              Map.of(
                  "applied",
                  List.of("log.format", "log.level"),
                  "principals",
                  0L,
                  "tokens",
                  0L,
                  "need_restart",
                  List.of("frame.timeout")));
      assertThat(logs("other", Level.INFO)).isFalse();
      assertThat(logged(Level.WARNING, "a\nb"))
          .startsWith("{\"time\":\"")
          .contains("\"text\":\"a\\nb\"");
    }
  }

  private static String logged(Level level, String message) {
    var before = System.err;
    var bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, UTF_8));
    try {
      System.getLogger("dev.genserver.daemon.Sample").log(level, message);
    } finally {
      System.setErr(before);
    }
    return bytes.toString(UTF_8);
  }
}
