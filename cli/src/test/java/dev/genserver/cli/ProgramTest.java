package dev.genserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.protocol.ClientMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The program as the shell starts it, in a JVM of its own.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ProgramTest {

  @TempDir private Path folder;

  @Test
  void programPrintsTheReplyAndExitsWithZero() throws Exception {
    try (var daemon = ScriptedDaemon.thatReplies("{\"text\":\"grüß dich\"}")) {
      var program = start(daemon, List.of(), "call", "counter", "get");

      assertThat(outputOf(program)).isEqualTo("{\"text\":\"grüß dich\"}\n");
      assertThat(program.waitFor()).isZero();
    }
  }

  @Test
  void programExitsWithTheCodeOfTheFailure() throws Exception {
    try (var daemon = ScriptedDaemon.that((request, peer) -> peer.hangUp())) {
      var program = start(daemon, List.of(), "call", "counter", "get");

      assertThat(outputOf(program)).isEmpty();
      assertThat(program.waitFor()).isEqualTo(69);
    }
  }

  @Test
  void plainCommandLoadsNeitherPicocliNorTls() throws Exception {
    var log = folder.resolve("classes.log");
    try (var daemon = ScriptedDaemon.thatReplies("3")) {
      var flag = "-Xlog:class+load:file=" + log;
      var program = start(daemon, List.of(flag), "call", "counter", "add", "by=3");

      assertThat(program.waitFor()).isZero();
      assertThat(Files.readString(log))
          .contains("dev.genserver.cli.Main")
          .doesNotContain("picocli")
          .doesNotContain("javax.net.ssl", "TlsOptions", "SecureConnection", "TokenFile");
    }
  }

  @Test
  void interruptCancelsTheCall() throws Exception {
    try (var daemon = ScriptedDaemon.thatIsSilent()) {
      var program = start(daemon, List.of(), "call", "slow", "get", "--timeout", "infinity");
      var call = daemon.request();
      new ProcessBuilder("kill", "-INT", Long.toString(program.pid())).start().waitFor();

      assertThat(program.waitFor()).isEqualTo(130);
      assertThat(daemon.request()).isEqualTo(new ClientMessage.Cancel(ScriptedDaemon.idOf(call)));
    }
  }

  @Test
  void rehearsalForTheAotCacheRunsEveryCommandToItsEnd() throws Exception {
    assertThat(Rehearsal.exitCodes()).containsExactly(0, 0, 0, 0, 0, 68);
  }

  private Process start(ScriptedDaemon daemon, List<String> flags, String... args)
      throws IOException {
    // SIGINT may be ignored where the tests run, as in the background of a script.
    var command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command).redirectError(folder.resolve("stderr").toFile());
    builder.environment().put("GENSERVER_URL", daemon.url());
    return builder.start();
  }

  private static String outputOf(Process program) throws IOException {
    return new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
