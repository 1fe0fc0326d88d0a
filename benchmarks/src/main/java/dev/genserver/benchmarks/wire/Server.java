package dev.genserver.benchmarks.wire;

import dev.genserver.benchmarks.BenchedDaemon;
import dev.genserver.benchmarks.BenchedDaemon.PluginSource;
import dev.genserver.benchmarks.BenchedProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// One of those that are compared.
///
/// @param life what ends it
record Server(String name, BenchedProcess process, AutoCloseable life) implements AutoCloseable {

  /// All have as much, the garbage collector that Java chooses, and the daemon's own options.
  private static final List<String> HEAP = List.of("-Xms512m", "-Xmx512m");

  /// A daemon with the example `counter`.
  ///
  /// @param jar of the daemon; before it may stand a name and `=`
  static Server daemon(Path root, String jar) throws IOException {
    var split = jar.indexOf('=');
    var name = split < 0 ? "genserverd" : jar.substring(0, split);
    var path = Path.of(jar.substring(split + 1));
    var daemon = new BenchedDaemon(path, PluginSource.examples(root, "counter"), Map.of(), HEAP);
    return new Server(name, daemon.process(), daemon);
  }

  static Server echo(Path root, Echo.Kind kind) throws IOException {
    var options =
        List.of(BenchedDaemon.jvmOptions(BenchedDaemon.jar(root)), HEAP.getFirst(), HEAP.getLast());
    var process = Echo.start(kind, options);
    return new Server(kind.label, process, process);
  }

  /// Whether it can be measured there: who only sends back what comes cannot count casts.
  boolean can(Cell cell) {
    return !(cell instanceof Cell.Casts && name.equals(Echo.Kind.RAW.label));
  }

  @Override
  public void close() throws IOException {
    try {
      life.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
