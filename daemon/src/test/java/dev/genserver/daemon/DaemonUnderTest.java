package dev.genserver.daemon;

import dev.genserver.daemon.config.ConfigLoader;
import dev.genserver.daemon.net.Peer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A daemon without plugins on a free port, configured by a file and flags.
final class DaemonUnderTest implements AutoCloseable {

  final Daemon daemon;

  private DaemonUnderTest(Daemon daemon) {
    this.daemon = daemon;
  }

  /// @param file is read again when the daemon reloads
  static DaemonUnderTest start(Optional<Path> file, Map<String, String> flags)
      throws StartException {
    var all = new HashMap<>(flags);
    all.put("--listen", "127.0.0.1:0");
    return new DaemonUnderTest(Daemon.start(() -> ConfigLoader.load(file, Map.of(), all)));
  }

  Peer peer() {
    return new Peer(daemon.address());
  }

  @Override
  public void close() {
    daemon.close();
  }
}
