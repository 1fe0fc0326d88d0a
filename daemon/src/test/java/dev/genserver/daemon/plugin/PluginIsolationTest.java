package dev.genserver.daemon.plugin;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.genserver.daemon.binding.Binding;
import dev.genserver.daemon.binding.ReplyEncoder;
import dev.genserver.runtime.PluginClassLoader;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.GenServer;
import dev.genserver.testkit.PluginJar;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PluginIsolationTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tools.jackson.core.JsonParser",
        "io.netty.channel.Channel",
        "dev.genserver.daemon.plugin.Plugins",
        "dev.genserver.runtime.Node",
        "org.slf4j.Logger"
      })
  void aPluginSeesNoClassOfTheDaemon(String className) throws ClassNotFoundException {
    assertThat(Class.forName(className).getName()).isEqualTo(className);
    Samples.counter("counter").writeTo(folder);
    try (var plugins = load()) {
      var loader = plugins.loaded().getFirst().loader();
      assertThatThrownBy(() -> Class.forName(className, false, loader))
          .isInstanceOf(ClassNotFoundException.class);
      assertThat(loader.getResource(className.replace('.', '/') + ".class")).isNull();
    }
  }

  @Test
  void aPluginSeesTheSdkOfTheDaemonAndTheJdk() throws ClassNotFoundException {
    Samples.counter("counter")
        .resource("dev/genserver/sdk/GenServer.class", "a copy that came along by mistake")
        .writeTo(folder);
    try (var plugins = load()) {
      assertThat(plugins.problems()).isEmpty();
      var loader = plugins.loaded().getFirst().loader();
      assertThat(loader.loadClass("dev.genserver.sdk.GenServer")).isSameAs(GenServer.class);
      assertThat(loader.loadClass("java.sql.Connection")).isNotNull();
    }
  }

  @Test
  void twoPluginsMayHaveDifferentVersionsOfAClass() {
    for (var version : List.of("1", "2")) {
      PluginJar.of("p" + version, version)
          .source("example.Counter", Samples.COUNTER)
          .source(
              "lib.Version",
              "package lib; public final class Version { public static String text() { return \"v"
                  + version
                  + "\"; } }")
          .plugin(
              "example.CounterPlugin",
              Samples.plugin(
                  "List.of(Behaviour.of(lib.Version.text(), Counter.class, Counter::new))",
                  "List.of()"))
          .writeTo(folder);
    }
    try (var plugins = load()) {
      assertThat(plugins.loaded())
          .extracting(plugin -> plugin.behaviours().getFirst().name())
          .containsExactly("v1", "v2");
    }
  }

  @Test
  void pluginCodeRunsWithItsOwnContextClassLoader() {
    var check =
        """
        package example;
        public final class Check {
          public static void context() {
            if (Thread.currentThread().getContextClassLoader() != Check.class.getClassLoader()) {
              throw new IllegalStateException("wrong context class loader");
            }
          }
        }
        """;
    PluginJar.of("context", "1")
        .source("example.Check", check)
        .source(
            "example.Counter",
            Samples.COUNTER.replace("@Override", "public Counter() { Check.context(); } @Override"))
        .plugin(
            "example.CounterPlugin",
            """
            package example;
            import dev.genserver.sdk.*;
            import java.util.*;
            public final class CounterPlugin implements Plugin {
              static { Check.context(); }
              public CounterPlugin() { Check.context(); }
              @Override public List<Behaviour<?>> behaviours() {
                Check.context();
                return List.of();
              }
              @Override public List<ChildSpec> children() {
                Check.context();
                return List.of(ChildSpec.named("counter", Counter::new));
              }
            }
            """)
        .writeTo(folder);
    var before = Thread.currentThread().getContextClassLoader();
    try (var plugins = load()) {
      assertThat(plugins.problems()).isEmpty();
      var child = plugins.loaded().getFirst().children().getFirst();
      assertThat(((ChildSpec.Start.Server) child.start()).factory().get()).isNotNull();
      assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }
  }

  @Test
  void closingClosesTheLoadersAndRemovesTheCopies() {
    Samples.counter("counter").writeTo(folder);
    var plugins = load();
    var loader = (PluginClassLoader) plugins.loaded().getFirst().loader();
    var copy = Path.of(loader.getURLs()[0].getPath());
    assertThat(copy).exists();
    plugins.close();
    assertThat(copy).doesNotExist();
    assertThat(copy.getParent().getParent()).doesNotExist();
    assertThat(loader.getResource("example/Counter.class")).isNull();
    assertThat(folder).isDirectoryContaining("glob:**counter-1.0.0.jar");
  }

  @Test
  void nothingHoldsThePluginAfterItWasUsedAndClosed() {
    Samples.counter("counter").writeTo(folder);
    var loader = useAndClose();
    await()
        .atMost(20, SECONDS)
        .until(() -> {
          System.gc();
          return loader.get() == null;
        });
  }

  private WeakReference<ClassLoader> useAndClose() {
    try (var plugins = load()) {
      var plugin = plugins.loaded().getFirst();
      var json = "\"get\"".getBytes(StandardCharsets.UTF_8);
      var get = Binding.of(plugin.behaviours().getFirst().type()).decodeCall(json, 0, json.length);
      assertThat(ReplyEncoder.encode(get, 100)).asString().isEqualTo("{\"type\":\"get\"}");
      return new WeakReference<>(plugin.loader());
    }
  }

  private Plugins load() {
    return Plugins.load(folder, true, List.of());
  }
}
