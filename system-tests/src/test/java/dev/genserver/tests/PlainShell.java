package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A shell that runs a script with nothing on its path but a few tools.
enum PlainShell {
  DASH_AND_NC("dash", "nc timeout sed tr cat"),
  DASH_AND_BASH("dash", "bash timeout sed tr cat"),
  BASH_ALONE("bash", "bash timeout sed tr cat"),
  BUSYBOX_ALONE("busybox sh", "nc timeout sed tr cat");

  /// How a script ended, and what it printed.
  record Ended(int exitCode, String out, String err) {}

  private final String command;
  private final String tools;

  PlainShell(String command, String tools) {
    this.command = command;
    this.tools = tools;
  }

  /// Puts its tools into a folder; the test is skipped where one is not installed.
  void install(Path folder) throws IOException {
    for (var tool : tools.split(" ", -1)) {
      var program = this == BUSYBOX_ALONE ? "busybox" : tool;
      Files.createSymbolicLink(folder.resolve(tool), find(program));
    }
  }

  /// Removes them, since JUnit warns of links that lead out of its folders.
  void uninstall(Path folder) throws IOException {
    for (var tool : tools.split(" ", -1)) {
      Files.deleteIfExists(folder.resolve(tool));
    }
  }

  /// Runs a script to its end.
  ///
  /// @param tools the folder that they were installed in
  /// @param environment all there is of it, besides the path
  Ended run(
      Path tools, Path script, String stdin, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    var line = new ArrayList<>(List.of(command.split(" ", -1)));
    line.set(0, find(line.getFirst()).toString());
    line.add(script.toString());
    line.addAll(List.of(arguments));
    var input = Files.writeString(tools.resolve(".stdin"), stdin).toFile();
    var errors = tools.resolve(".stderr").toFile();
    var builder = new ProcessBuilder(line).redirectInput(input).redirectError(errors);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("PATH", tools.toString());
    var process = builder.start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("the script ends").isTrue();
    return new Ended(process.exitValue(), out, Files.readString(errors.toPath()));
  }

  /// Where a program is; the test is skipped where it is not installed.
  static Path find(String program) {
    return found(program).orElseGet(() -> abort(program + " is not installed"));
  }

  private static Optional<Path> found(String program) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
