package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The tab key in real shells, with the script that `genserver completion` prints, the command line
/// as it is shipped, and a daemon.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class CompletionIT {

  /// How a shell is asked for what it offers after the line `$1`.
  enum Interactive {
    BASH(
        """
        source ./script
        COMP_LINE=$1 COMP_POINT=${#1}
        _genserver genserver
        printf '%s\\n' "${COMPREPLY[@]}"
        """),
    ZSH(
        """
        compdef() { :; }
        source ./script
        compadd() { while [[ $1 != -- ]]; do shift; done; shift; print -rl -- "$@"; }
        _files() { :; }
        words=("${(@s: :)1}")
        CURRENT=$#words
        _genserver
        """),
    FISH(
        """
        source ./script
        complete -C $argv[1]
        """);

    final String program;

    Interactive(String program) {
      this.program = program;
    }

    String command() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static @TempDir Path folder;
  private static DaemonFixture daemon;

  @BeforeAll
  static void startDaemon() throws Exception {
    daemon = DaemonFixture.withExamples(Files.createDirectory(folder.resolve("plugins")));
    var genserver = folder.resolve("genserver");
    Files.writeString(
        genserver,
        "#!/bin/sh\nexec %s -jar %s \"$@\"\n"
            .formatted(
                DaemonProgram.JAVA, Path.of("../cli/target/genserver.jar").toAbsolutePath()));
    Files.setPosixFilePermissions(genserver, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterAll
  static void stopDaemon() {
    daemon.close();
  }

  @ParameterizedTest
  @EnumSource
  void tabKeyOffersNamesTypesAndFieldsOfTheLiveDaemon(Interactive shell) throws Exception {
    Files.writeString(folder.resolve("script"), run("genserver", "completion", shell.command()));

    assertThat(offered(shell, "genserver ca")).containsExactly("call", "cast");
    assertThat(offered(shell, "genserver call c")).contains("chat", "counter");
    assertThat(offered(shell, "genserver call counter ")).containsExactly("add", "get");
    assertThat(offered(shell, "genserver cast counter r")).containsExactly("reset");
    assertThat(offered(shell, "genserver call counter add ")).containsExactly("by=");
    assertThat(offered(shell, "genserver call counter get --time"))
        .anyMatch(option -> option.contains("timeout"));
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsSaidWhereThereIsNoDaemon(Interactive shell) throws Exception {
    Files.writeString(folder.resolve("script"), run("genserver", "completion", shell.command()));

    assertThat(offered(shell, "genserver call --url 127.0.0.1:1 count")).isEmpty();
  }

  private static String[] offered(Interactive shell, String line) throws Exception {
    var script = Files.writeString(folder.resolve(shell.command()), shell.program);
    var output = run(PlainShell.find(shell.command()).toString(), script.toString(), line);
    return Arrays.stream(output.split("\n", -1))
        .map(each -> each.split("\t", 2)[0])
        .filter(each -> !each.isEmpty())
        .toArray(String[]::new);
  }

  /// What a command prints; it prints no errors.
  private static String run(String... command) throws IOException, InterruptedException {
    if (command[0].equals("genserver")) {
      command[0] = folder.resolve("genserver").toString();
    }
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("GENSERVER_URL", daemon.address());
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
