package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// The daemon as it is shipped, in a JVM of its own, on a free port; and the command line as it is
/// shipped, which speaks to it.
final class DaemonProgram implements AutoCloseable {

  static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

  final Process process;
  final String address;
  private final BufferedReader output;

  DaemonProgram(Path plugins) throws IOException {
    var builder =
        new ProcessBuilder(
            "env",
            "--default-signal=HUP", // it may be ignored where the tests run, as below nohup
            JAVA,
            "@../daemon/jvm.options",
            "-jar",
            "../daemon/target/genserverd.jar",
            "--listen",
            "127.0.0.1:0",
            "--plugins",
            plugins.toString());
    process = builder.redirectErrorStream(true).start();
    output = process.inputReader(StandardCharsets.UTF_8);
    address = awaitLog(" ready on ").replaceAll(".* ready on ", "");
  }

  /// Has `genserverd` do something else than serve; returns what it prints.
  static String genserverd(String... arguments) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(JAVA, "@../daemon/jvm.options", "-jar", "../daemon/target/genserverd.jar"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    var output = output(builder.start());
    assertThat(output).startsWith("0");
    return output.replaceFirst("^0 ?", "");
  }

  /// Puts the command line as it is shipped into a folder, as `scripts/genserver`.
  static void installCommandLine(Path folder) throws IOException {
    installScript(
        Files.createDirectory(folder.resolve("scripts")).resolve("genserver"),
        "%s @%s -jar %s"
            .formatted(
                JAVA,
                Path.of("../cli/jvm.options").toRealPath(),
                Path.of("../cli/target/genserver.jar").toRealPath()));
  }

  /// Writes a script that runs a program.
  static void installScript(Path script, String program) throws IOException {
    Files.writeString(script, "#!/bin/sh\nexec " + program + " \"$@\"\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// Reads what the daemon prints until a line that holds `text`; the test's time limit is the
  /// read's.
  String awaitLog(String text) throws IOException {
    for (String line; (line = output.readLine()) != null; ) {
      if (line.contains(text)) {
        return line;
      }
    }
    throw new AssertionError("the daemon ended without '" + text + "'");
  }

  /// What was printed and not yet read, once the daemon has ended.
  String restOfLog() {
    return output.lines().collect(Collectors.joining("\n"));
  }

  /// Sends SIGTERM and gives the exit code.
  int terminate() throws InterruptedException {
    process.toHandle().destroy();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("the daemon ends").isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /// The exit code and the output of one command.
  String genserver(String... arguments) throws IOException, InterruptedException {
    return output(startGenserver(arguments));
  }

  /// What a person sees of one command.
  String whatIsSeenOf(List<String> arguments) throws IOException, InterruptedException {
    var command = genserverCommand(arguments);
    var process = command.redirectErrorStream(true).start();
    return output(process).replaceFirst("^\\d+ ?", "");
  }

  /// Starts a command whose errors nobody reads.
  Process startGenserver(String... arguments) throws IOException {
    return genserverCommand(List.of(arguments))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private ProcessBuilder genserverCommand(List<String> arguments) {
    var command =
        new ArrayList<>(
            List.of(JAVA, "@../cli/jvm.options", "-jar", "../cli/target/genserver.jar"));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    builder.environment().put("GENSERVER_URL", address);
    return builder;
  }

  static String output(Process process) throws IOException, InterruptedException {
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return (process.exitValue() + " " + output).strip();
  }
}
