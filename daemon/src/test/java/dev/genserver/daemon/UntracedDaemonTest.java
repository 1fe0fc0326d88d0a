package dev.genserver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.daemon.config.ConfigLoader;
import dev.genserver.daemon.net.Peer;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a daemon costs that records no traces.
class UntracedDaemonTest {

  /// Loads the daemon anew, and notes the classes of OpenTelemetry that it asks for.
  private static final class Watching extends URLClassLoader {

    private final List<String> loaded = new CopyOnWriteArrayList<>();

    Watching(URL[] classPath) {
      super(classPath, ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith("io.opentelemetry.")) {
        loaded.add(name);
      }
      return super.findClass(name);
    }
  }

  /// Starts a daemon, has it take a call with a trace, and ends it.
  public static final class Life implements Callable<Object> {

    private final Map<String, String> flags;

    public Life(Map<String, String> flags) {
      this.flags = flags;
    }

    @Override
    public Object call() throws Exception {
      var config = ConfigLoader.load(Optional.empty(), Map.of(), flags);
      try (var daemon = Daemon.start(config);
          var peer = new Peer(daemon.address())) {
        return peer.send(
                "{\"op\":\"call\",\"id\":1,\"to\":\"nobody\",\"timeout_ms\":30000,\"msg\":1,"
                    + "\"trace\":\"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\"}")
            .receive();
      }
    }
  }

  private static List<String> loaded(Map<String, String> flags) throws Exception {
    var classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(UntracedDaemonTest::url)
            .toArray(URL[]::new);
    try (var loader = new Watching(classPath)) {
      var life = loader.loadClass(Life.class.getName()).getConstructor(Map.class);
      var answer = ((Callable<?>) life.newInstance(flags)).call();
      assertThat(answer.toString()).contains("noproc");
      return loader.loaded;
    }
  }

  private static URL url(String entry) {
    try {
      return Path.of(entry).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void nothingOfOpenTelemetryIsLoaded() throws Exception {
    var plain = Map.of("--listen", "127.0.0.1:0");
    assertThat(loaded(plain)).isEmpty();
  }

  @Test
  void withACollectorItIs() throws Exception {
    try (var collector = Collector.start()) {
      assertThat(
              loaded(Map.of("--listen", "127.0.0.1:0", "--traces-endpoint", collector.endpoint())))
          .isNotEmpty();
      assertThat(collector.spans()).hasSize(1);
    }
  }
}
