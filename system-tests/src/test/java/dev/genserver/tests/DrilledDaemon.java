package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The daemon as it is shipped, in a folder with its configuration, on free ports. Its log is the
/// file `genserverd.log` there.
final class DrilledDaemon implements AutoCloseable {

  private static final Path OPTIONS = Path.of("../daemon/jvm.options");
  private static final Path JAR = Path.of("../daemon/target/genserverd.jar");
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Pattern READY = Pattern.compile("(?m) ready on (\\S+)$");
  private static final Pattern ADMIN = Pattern.compile("admin listens address=\\S*:\\d+");

  final Process process;
  final String port;
  final String adminPort;
  private final Path log;

  /// Puts the daemon as it is shipped into a folder, as `scripts/genserverd`.
  static void install(Path folder) throws IOException {
    DaemonProgram.installScript(
        folder.resolve("scripts/genserverd"),
        "%s @%s -jar %s".formatted(DaemonProgram.JAVA, OPTIONS.toRealPath(), JAR.toRealPath()));
  }

  /// @param flags for the JVM
  DrilledDaemon(Path folder, String... flags) throws IOException {
    log = folder.resolve("genserverd.log");
    var command =
        new ArrayList<>(
            List.of("env", "--default-signal=HUP", DaemonProgram.JAVA, "@" + OPTIONS.toRealPath()));
    command.addAll(List.of(flags));
    command.addAll(
        List.of(
            "-jar",
            JAR.toRealPath().toString(),
            "--config",
            "genserverd.yaml",
            "--listen",
            "127.0.0.1:0"));
    process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    await()
        .atMost(SOON)
        .until(() -> !process.isAlive() || READY.matcher(Files.readString(log)).find());
    assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
    port = port(READY);
    adminPort = port(ADMIN);
  }

  private String port(Pattern line) throws IOException {
    var found = line.matcher(Files.readString(log));
    assertThat(found.find()).isTrue();
    return found.group().replaceAll(".*:", "");
  }

  /// Where it is, by TLS.
  String url() {
    return "tls://localhost:" + port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    await().atMost(SOON).until(() -> !process.isAlive());
  }
}
