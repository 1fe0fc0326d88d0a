package dev.genserver.benchmarks;

import dev.genserver.protocol.FrameReader;
import dev.genserver.protocol.Framing;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.ServerMessages;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The daemon as it is shipped, in a JVM of its own with a small heap, with one plugin.
final class BenchedDaemon implements AutoCloseable {

  /// Where its plugin comes from.
  interface PluginSource {
    Object writeTo(Path folder) throws IOException;
  }

  /// How large the heap may become where nothing else is said.
  static final int HEAP_MIB = 256;

  private final Process process;
  private final Path plugins;
  final int port;

  /// @param root where the project is
  BenchedDaemon(Path root, PluginSource plugin) throws IOException {
    this(root, plugin, Map.of());
  }

  /// @param environment variables beside those of this process
  BenchedDaemon(Path root, PluginSource plugin, Map<String, String> environment)
      throws IOException {
    this(root, plugin, environment, HEAP_MIB);
  }

  BenchedDaemon(Path root, PluginSource plugin, Map<String, String> environment, int heapMiB)
      throws IOException {
    plugins = Files.createTempDirectory("benched");
    plugin.writeTo(plugins);
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + root.resolve("daemon/jvm.options"),
                "-Xmx%dm".formatted(heapMiB),
                "-jar",
                root.resolve("daemon/target/genserverd.jar").toString(),
                "--listen",
                "127.0.0.1:0",
                "--plugins",
                plugins.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    process = builder.start();
    var ready = process.inputReader(StandardCharsets.UTF_8).readLine();
    if (ready == null || !ready.matches(".*:\\d+")) {
      close();
      throw new IOException(
          "the daemon did not start, but said '%s'; build it with scripts/run first"
              .formatted(ready));
    }
    port = Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1));
  }

  /// What a process replies, as JSON.
  String ask(String name, String message) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var json =
          """
          {"op":"call","id":1,"to":"%s","msg":{"type":"%s"},"timeout_ms":60000}\
          """
              .formatted(name, message)
              .getBytes(StandardCharsets.UTF_8);
      var out = new DataOutputStream(socket.getOutputStream());
      out.writeInt(json.length);
      out.write(json);
      var frame = new FrameReader(socket.getInputStream(), Framing.MAX_FRAME_CEILING).read();
      if (frame != null
          && ServerMessages.decode(frame, 0, frame.length)
              instanceof ServerMessage.Reply(var _, RawJson result)) {
        return result.toString();
      }
      throw new IOException("the daemon did not answer " + message);
    }
  }

  /// The counter of the examples, as it was built in the project at `root`.
  static BenchedDaemon withCounter(Path root) throws IOException {
    var jar = Path.of("counter.jar");
    return new BenchedDaemon(
        root,
        folder ->
            Files.copy(root.resolve("examples/counter/target").resolve(jar), folder.resolve(jar)));
  }

  /// Has it collect its garbage. From outside: compiled code that is at work keeps the classes in
  /// memory that it was compiled for, and code of a plugin that asks for it would be such code.
  void collectGarbage() throws IOException {
    var jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(process.pid()),
                "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (jcmd.onExit().join().exitValue() != 0) {
      throw new IOException("jcmd could not reach the daemon");
    }
  }

  Duration cpu() {
    return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /// Its resident memory in MiB; 0 where /proc does not tell.
  long residentMiB() throws IOException {
    var status = Path.of("/proc/" + process.pid() + "/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(0);
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
  void terminate() {
    process.toHandle().destroy();
    process.onExit().join();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    try (var files = Files.walk(plugins)) {
      for (var file : List.copyOf(files.toList()).reversed()) {
        Files.delete(file);
      }
    }
  }
}
