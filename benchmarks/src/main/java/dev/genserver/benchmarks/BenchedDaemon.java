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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The daemon as it is shipped, in a JVM of its own, with the plugins of one source.
public final class BenchedDaemon implements AutoCloseable {

  /// Where its plugins come from.
  public interface PluginSource {
    Object writeTo(Path folder) throws IOException;

    /// These of the examples, as they were built in the project at `root`.
    static PluginSource examples(Path root, String... names) {
      return folder -> {
        for (var name : names) {
          var jar = name + ".jar";
          Files.copy(root.resolve("examples", name, "target", jar), folder.resolve(jar));
        }
        return folder;
      };
    }
  }

  /// How large the heap may become where nothing else is said.
  static final int HEAP_MIB = 256;

  private static final Pattern HEAP_USED = Pattern.compile("\"heap_used_bytes\":(\\d+)");

  private final BenchedProcess process;
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
    this(jar(root), plugin, environment, List.of("-Xmx%dm".formatted(heapMiB)));
  }

  /// Starts any build of the daemon.
  ///
  /// @param jar the daemon's; its options are where a build of it finds them
  /// @param options for the JVM, beside those of the daemon
  public BenchedDaemon(
      Path jar, PluginSource plugin, Map<String, String> environment, List<String> options)
      throws IOException {
    plugins = Files.createTempDirectory("benched");
    try {
      plugin.writeTo(plugins);
      var arguments = new ArrayList<String>();
      arguments.add(jvmOptions(jar));
      arguments.addAll(options);
      arguments.addAll(List.of("-jar", jar.toString()));
      arguments.addAll(List.of("--listen", "127.0.0.1:0", "--plugins", plugins.toString()));
      process = BenchedProcess.start(arguments, environment);
    } catch (IOException e) {
      deletePlugins();
      throw e;
    }
    port = process.port();
  }

  /// The daemon that was built in the project at `root`.
  public static Path jar(Path root) {
    return root.resolve("daemon/target/genserverd.jar");
  }

  /// The argument of java that reads the options of that daemon.
  public static String jvmOptions(Path jar) {
    return "@" + jar.resolveSibling("..").resolve("jvm.options").normalize();
  }

  /// The counter of the examples, as it was built in the project at `root`.
  static BenchedDaemon withCounter(Path root) throws IOException {
    return new BenchedDaemon(root, PluginSource.examples(root, "counter"));
  }

  public BenchedProcess process() {
    return process;
  }

  /// What a process replies to a message without fields, as JSON.
  public String ask(String name, String type) throws IOException {
    return call(name, "{\"type\":\"" + type + "\"}");
  }

  /// What a process replies to a message in JSON.
  public String call(String name, String message) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var json =
          """
          {"op":"call","id":1,"to":"%s","msg":%s,"timeout_ms":60000}\
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

  /// Bytes of its heap that are in use.
  public long heapUsed() throws IOException {
    var info = ask("sys.node", "info");
    var used = HEAP_USED.matcher(info);
    if (!used.find()) {
      throw new IOException("the daemon does not tell its heap: " + info);
    }
    return Long.parseLong(used.group(1));
  }

  void collectGarbage() throws IOException {
    process.collectGarbage();
  }

  Duration cpu() {
    return process.cpu();
  }

  long residentMiB() throws IOException {
    return process.residentMiB();
  }

  int threads() throws IOException {
    return process.threads();
  }

  void terminate() {
    process.terminate();
  }

  @Override
  public void close() throws IOException {
    process.close();
    deletePlugins();
  }

  private void deletePlugins() throws IOException {
    try (var files = Files.walk(plugins)) {
      for (var file : List.copyOf(files.toList()).reversed()) {
        Files.delete(file);
      }
    }
  }
}
