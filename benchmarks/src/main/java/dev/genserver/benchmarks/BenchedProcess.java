package dev.genserver.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A server in a JVM of its own that tells on its first line which port it listens on.
public final class BenchedProcess implements AutoCloseable {

  private final Process process;
  private final int port;
  private final Duration readyAfter;

  private BenchedProcess(Process process, int port, Duration readyAfter) {
    this.process = process;
    this.port = port;
    this.readyAfter = readyAfter;
  }

  /// Starts this Java and waits until the server listens.
  ///
  /// @param arguments for java
  /// @param environment variables beside those of this process
  public static BenchedProcess start(List<String> arguments, Map<String, String> environment)
      throws IOException {
    var command = Stream.concat(Stream.of(tool("java")), arguments.stream()).toList();
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    var begin = System.nanoTime();
    var process = builder.start();
    var ready = process.inputReader(StandardCharsets.UTF_8).readLine();
    if (ready == null || !ready.matches(".*:\\d+")) {
      process.destroyForcibly().onExit().join();
      throw new IOException(
          "the server did not start, but said '%s'; build it with scripts/run first: %s"
              .formatted(ready, String.join(" ", command)));
    }
    return new BenchedProcess(
        process,
        Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1)),
        Duration.ofNanos(System.nanoTime() - begin));
  }

  /// A program of the JDK that runs this.
  static String tool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  public int port() {
    return port;
  }

  /// How long it took from its start until it said that it listens.
  public Duration readyAfter() {
    return readyAfter;
  }

  /// User and system time of all its threads since it began.
  public Duration cpu() {
    return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  long contextSwitches() throws IOException {
    return ContextSwitches.of(process.pid());
  }

  /// Has it collect its garbage. From outside: compiled code that is at work keeps the classes in
  /// memory that it was compiled for, and code of a plugin that asks for it would be such code.
  public void collectGarbage() throws IOException {
    var jcmd =
        new ProcessBuilder(tool("jcmd"), Long.toString(process.pid()), "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (jcmd.onExit().join().exitValue() != 0) {
      throw new IOException("jcmd could not reach the server");
    }
  }

  /// Its resident memory in MiB; 0 where /proc does not tell.
  public long residentMiB() throws IOException {
    return ResidentSet.bytes(process.pid()) >> 20;
  }

  /// How many threads it has; 0 where /proc does not tell.
  int threads() throws IOException {
    var tasks = Path.of("/proc", Long.toString(process.pid()), "task");
    if (!Files.exists(tasks)) {
      return 0;
    }
    try (var threads = Files.list(tasks)) {
      return (int) threads.count();
    }
  }

  /// Has it end in order, and waits for that.
  public void terminate() {
    process.toHandle().destroy();
    process.onExit().join();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
