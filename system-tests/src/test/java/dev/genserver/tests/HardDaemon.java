package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.client.GenServerClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The daemon as it is shipped, in a JVM of its own, under conditions that a test makes hard.
final class HardDaemon implements AutoCloseable {

  final Process process;
  final String address;
  private final BufferedReader output;
  private final Path log;

  private HardDaemon(Process process, Path log) throws IOException {
    this.process = process;
    this.log = log;
    this.output = process.inputReader(StandardCharsets.UTF_8);
    var ready = output.readLine();
    if (ready == null || !ready.contains(" ready on ")) {
      process.destroyForcibly();
      throw new AssertionError("the daemon did not start: " + ready + "\n" + log());
    }
    this.address = ready.replaceAll(".* ready on ", "");
  }

  static Launch with(Path plugins) {
    return new Launch(plugins);
  }

  /// How a daemon is started.
  static final class Launch {

    private final Path plugins;
    private final List<String> options = new ArrayList<>();
    private final List<String> flags = new ArrayList<>();
    private String shell = "";
    private Redirect errors;
    private final Path log;

    private Launch(Path plugins) {
      this.plugins = plugins;
      this.log = plugins.resolveSibling(plugins.getFileName() + ".log");
      this.errors = Redirect.to(log.toFile());
    }

    /// Adds options for the JVM.
    Launch jvm(String... more) {
      options.addAll(List.of(more));
      return this;
    }

    /// Adds flags of the daemon.
    Launch flags(String... more) {
      flags.addAll(List.of(more));
      return this;
    }

    /// Says what the shell does before it becomes the daemon, such as `ulimit -n 100`.
    Launch after(String command) {
      shell = command + "; ";
      return this;
    }

    /// Sends the standard error elsewhere than to a file.
    Launch errorsTo(Redirect target) {
      errors = target;
      return this;
    }

    HardDaemon start() throws IOException {
      var command = new ArrayList<>(List.of("sh", "-c", shell + "exec \"$@\"", "sh"));
      command.addAll(List.of(DaemonProgram.JAVA, "@../daemon/jvm.options"));
      command.addAll(options);
      command.addAll(List.of("-jar", "../daemon/target/genserverd.jar"));
      command.addAll(List.of("--listen", "127.0.0.1:0", "--plugins", plugins.toString()));
      command.addAll(flags);
      return new HardDaemon(new ProcessBuilder(command).redirectError(errors).start(), log);
    }
  }

  GenServerClient client() {
    return GenServerClient.connect(address);
  }

  int port() {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  /// What it has logged so far.
  String log() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The rest of what it prints to its standard output, until it ends.
  String restOfOutput() throws IOException {
    return output.readAllAsString();
  }

  /// How many file descriptors it has open. On Linux.
  long openFiles() {
    try (var files = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
      return files.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The processor time that it has used. On Linux.
  Duration cpu() {
    return process.toHandle().info().totalCpuDuration().orElseThrow();
  }

  /// Waits until it has ended by itself.
  int awaitExit() throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the daemon ends").isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
