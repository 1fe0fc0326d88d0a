package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// What docs/container.md and compose.yaml tell somebody to type does what they say. Of the page's
/// blocks four are not run: those for a cluster, for systemd, and for measuring and testing it.
@Tag("docker")
@EnabledIf(
    value = "dev.genserver.tests.ContainerEngine#answers",
    disabledReason = ContainerEngine.NONE)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("container")
class ContainerDocIT {

  private static final Path PAGE = Path.of("../docs/container.md");
  private static final Path COMPOSE = Path.of("../compose.yaml");
  private static final Pattern BLOCK =
      Pattern.compile("(?ms)^(<!-- run -->\n)?```(console|sh)\n(.+?)^```$");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^\\$ ((?:.+\\\\\n)*.+)\n((?:(?!\\$ ).*\n)*)");
  private static final Pattern COMMENT = Pattern.compile("(?m)^# {3}(.+)$");

  /// What a test adds to the file: its containers, volumes and networks can be found again, and a
  /// build takes what the test engine has in its cache.
  private static final String OVERRIDE =
      """
      services:
        genserverd:
          labels: &test
            dev.genserver.test: 'true'
          build:
            network: host
      volumes:
        plugins:
          labels: *test
      networks:
        default:
          labels: *test
      """;

  @TempDir Path folder;
  private int wire;
  private int admin;

  @BeforeAll
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  static void buildImages() throws Exception {
    ContainerEngine.buildImages();
  }

  @BeforeEach
  void prepare() throws IOException {
    for (var tool : List.of("curl", "nc", "openssl")) {
      PlainShell.find(tool);
    }
    DaemonFixture.copyExamples(Files.createDirectory(folder.resolve("plugins")));
    DaemonProgram.installCommandLine(folder);
    Files.writeString(folder.resolve("override.yaml"), OVERRIDE);
    Files.writeString(folder.resolve(".curlrc"), "silent\n");
    var docker = Files.createDirectory(folder.resolve("bin")).resolve("docker");
    var engine = Path.of("../scripts/docker-engine").toRealPath();
    // Without itself on the path: the script looks there for a client.
    Files.writeString(
        docker, "#!/bin/sh\nPATH=${PATH#*:}\nexec %s docker \"$@\"\n".formatted(engine));
    Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (var one = new ServerSocket(0);
        var other = new ServerSocket(0)) {
      wire = one.getLocalPort();
      admin = other.getLocalPort();
    }
  }

  @AfterEach
  void removeWhatAFailureHasLeft() throws Exception {
    run("docker rm --force --volumes genserverd; docker compose down --volumes --timeout 5");
  }

  @Test
  void whatThePageShowsIsWhatHappens() throws Exception {
    assumeTrue(run("docker compose version").exitCode() == 0, "there is no docker compose");
    var differences = new SoftAssertions();
    var shown = 0;
    var left = 0;
    for (var block : BLOCK.matcher(Files.readString(PAGE)).results().toList()) {
      if (block.group(1) == null) {
        left++;
        continue;
      }
      for (var command : COMMAND.matcher(block.group(3)).results().toList()) {
        check(command.group(1), command.group(2), differences);
        shown++;
      }
    }
    differences.assertAll();
    assertThat(shown).isGreaterThan(15);
    assertThat(left).isEqualTo(4);
  }

  @Test
  void commandsAtTheTopOfTheComposeFileWork() throws Exception {
    assumeTrue(run("docker compose version").exitCode() == 0, "there is no docker compose");
    var commands =
        COMMENT.matcher(Files.readString(COMPOSE)).results().map(line -> line.group(1)).toList();
    assertThat(commands).hasSize(3);
    for (var command : commands) {
      var ended = run(command);
      assertThat(ended.exitCode()).as("%s: %s", command, ended.output()).isZero();
    }
  }

  private record Ended(int exitCode, String output) {}

  /// A command that shows nothing has only to succeed.
  private void check(String command, String output, SoftAssertions differences) throws Exception {
    var ended = run(command);
    if (output.isEmpty()) {
      differences.assertThat(ended.exitCode()).as("%s: %s", command, ended.output()).isZero();
    } else {
      differences.assertThat(ended.output()).as(command).isEqualTo(output);
    }
  }

  /// Runs a command as it is shown, but with ports that are free, and with names of images and
  /// containers that nobody else has.
  private Ended run(String command) throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(
                "bash",
                "-c",
                command
                    .replace("127.0.0.1:6470:", "127.0.0.1:" + wire + ":")
                    .replace("127.0.0.1:6471:", "127.0.0.1:" + admin + ":")
                    .replace("127.0.0.1:6471/", "127.0.0.1:" + admin + "/")
                    .replace("127.0.0.1 6470", "127.0.0.1 " + wire)
                    .replace("docker run ", "docker run --label dev.genserver.test=true ")
                    .replaceAll(
                        "(docker (?:build --tag|rm(?: --force.*)?|stop|exec)|--name) genserverd\\b",
                        "$1 genserverd-doc-test")
                    .replaceAll("(docker run [^|]*) genserverd\\b(?!-)", "$1 genserverd-doc-test"))
            .directory(folder.toFile())
            .redirectErrorStream(true);
    var environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("GENSERVER"));
    environment.keySet().removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
    environment.put("GENSERVER_URL", "127.0.0.1:" + wire);
    environment.put("GENSERVERD_IMAGE", ContainerEngine.EXAMPLES);
    environment.put("WIRE_PORT", Integer.toString(wire));
    environment.put("ADMIN_PORT", Integer.toString(admin));
    environment.put("COMPOSE_PROJECT_NAME", "genserverd-doc-test");
    environment.put("COMPOSE_FILE", COMPOSE.toRealPath() + ":" + folder.resolve("override.yaml"));
    environment.put("CURL_HOME", folder.toString());
    environment.merge("PATH", folder.resolve("bin").toString(), (old, own) -> own + ":" + old);
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("it ends: " + command).isTrue();
    return new Ended(process.exitValue(), output.replace("genserverd-doc-test", "genserverd"));
  }
}
