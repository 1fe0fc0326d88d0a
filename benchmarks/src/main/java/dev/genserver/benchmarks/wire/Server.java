package dev.genserver.benchmarks.wire;

import dev.genserver.benchmarks.BenchedDaemon;
import dev.genserver.benchmarks.BenchedDaemon.PluginSource;
import dev.genserver.benchmarks.BenchedProcess;
import dev.genserver.benchmarks.BuiltDaemon;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// One of those that are compared.
///
/// @param life what ends it
record Server(String name, BenchedProcess process, AutoCloseable life) implements AutoCloseable {

  /// All have as much, the garbage collector that Java chooses, and the daemon's own options.
  private static final List<String> HEAP = List.of("-Xms512m", "-Xmx512m");

  /// A daemon with the example `counter`.
  static Server daemon(Path root, BuiltDaemon built) throws IOException {
    var daemon = built.start(PluginSource.examples(root, "counter"), HEAP);
    return new Server(built.name(), daemon.process(), daemon);
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
