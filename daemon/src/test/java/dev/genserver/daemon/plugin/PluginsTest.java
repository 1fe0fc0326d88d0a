package dev.genserver.daemon.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.daemon.binding.Binding;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.ServerRef;
import dev.genserver.testkit.PluginJar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsTest {

  @TempDir private Path folder;

  @Test
  void aJarIsLoadedWithWhatItOffers() {
    var jar = Samples.counter("counter").writeTo(folder);
    try (var plugins = load()) {
      assertThat(plugins.problems()).isEmpty();
      assertThat(plugins.note()).isEmpty();
      assertThat(plugins.loaded())
          .singleElement()
          .satisfies(plugin -> {
            assertThat(plugin.id()).isEqualTo("counter");
            assertThat(plugin.version()).isEqualTo("1.0.0");
            assertThat(plugin.file()).isEqualTo(jar);
            assertThat(plugin.behaviours().getFirst().name()).isEqualTo("counter");
            assertThat(plugin.behaviours().getFirst().type().getClassLoader())
                .isSameAs(plugin.loader());
            assertThat(plugin.children()).extracting(ChildSpec::id).containsExactly("counter");
          });
    }
  }

  @Test
  void theBindingOfALoadedServerReadsItsMessages() {
    Samples.counter("counter").writeTo(folder);
    try (var plugins = load()) {
      var server = plugins.loaded().getFirst().behaviours().getFirst().type();
      var json = "\"get\"".getBytes(StandardCharsets.UTF_8);
      assertThat(Binding.of(server).decodeCall(json, 0, json.length)).hasToString("Get[]");
    }
  }

  @Test
  void aFolderOfJarsIsOnePlugin() {
    var library = folder.resolve("counter");
    var text =
        PluginJar.bare("greeting-2.jar")
            .source("lib.Greeting", "package lib; public record Greeting(String text) {}")
            .writeTo(library);
    PluginJar.of("counter", "1.0.0")
        .classPath(text)
        .source("example.Counter", Samples.COUNTER)
        .plugin(
            "example.CounterPlugin",
            Samples.plugin(
                "List.of(Behaviour.of(new lib.Greeting(\"hello\").text(), Counter.class,"
                    + " Counter::new))",
                "List.of()"))
        .writeTo(library);
    try (var plugins = load()) {
      assertThat(plugins.problems()).isEmpty();
      assertThat(plugins.loaded().getFirst().behaviours().getFirst().name()).isEqualTo("hello");
      assertThat(plugins.loaded().getFirst().file()).isEqualTo(library);
    }
  }

  @Test
  void jarsMayBeReplacedWhileTheirCopiesAreInUse() throws IOException {
    var jar = Samples.counter("counter").writeTo(folder);
    try (var plugins = load()) {
      Files.writeString(jar, "replaced");
      var plugin = plugins.loaded().getFirst();
      var child = (ChildSpec.Start.Server) plugin.children().getFirst().start();
      assertThat(child.factory().get().getClass().getName()).isEqualTo("example.Counter");
    }
  }

  @Test
  void otherFilesAndFoldersWithoutJarsAreNoPlugins() throws IOException {
    Files.writeString(folder.resolve("notes.txt"), "x");
    Files.createDirectory(folder.resolve("empty.jar"));
    try (var plugins = load()) {
      assertThat(plugins.loaded()).isEmpty();
      assertThat(plugins.problems()).isEmpty();
      assertThat(plugins.note())
          .contains("plugin folder " + folder + " has no plugins; put plugin jars into it");
    }
  }

  @Test
  void aMissingFolderIsANoteOrAProblem() {
    var missing = folder.resolve("nowhere");
    var text =
        "plugin folder " + missing + " does not exist; create it, or name another with plugins.dir";
    try (var plugins = Plugins.load(missing, false, List.of())) {
      assertThat(plugins.note()).contains(text);
      assertThat(plugins.problems()).isEmpty();
    }
    try (var plugins = Plugins.load(missing, true, List.of())) {
      assertThat(plugins.problems()).containsExactly(new PluginProblem(text));
    }
  }

  @Test
  void theSecondPluginWithTheSameIdOrBehaviourIsRefused() {
    Samples.counter("a").writeTo(folder);
    Samples.counter("a").manifest("Genserver-Plugin-Version", "2").writeTo(folder.resolve("b"));
    Samples.counter("a").manifest("Genserver-Plugin-Id", "c").writeTo(folder.resolve("c"));
    try (var plugins = load()) {
      assertThat(plugins.loaded()).extracting(LoadedPlugin::version).containsExactly("1.0.0");
      assertThat(plugins.problems())
          .extracting(PluginProblem::message)
          .containsExactly(
              "plugin b refused: its id 'a' is taken by a-1.0.0.jar; remove one of them",
              "plugin b refused: its behaviour 'a' is offered by a-1.0.0.jar too; rename or remove"
                  + " one of them",
              "plugin c refused: its behaviour 'a' is offered by a-1.0.0.jar too; rename or remove"
                  + " one of them");
    }
  }

  @Test
  void theSecondPluginWithTheSameProcessNameIsRefused() {
    Samples.counter("a").writeTo(folder);
    Samples.answering("List.of()", "List.of(ChildSpec.named(\"a\", Counter::new))").writeTo(folder);
    try (var plugins = load()) {
      assertThat(plugins.problems())
          .containsExactly(
              new PluginProblem(
                  "plugin odd-1.0.0.jar refused: the process name 'a' is taken by plugin"
                      + " a-1.0.0.jar; rename one of them"));
    }
  }

  @Test
  void aConfiguredProcessFollowsTheChildrenOfItsPlugin() {
    Samples.counter("counter").writeTo(folder);
    var wanted =
        new ConfiguredProcess(
            "hits", "counter", Args.of("start", 5), Restart.TRANSIENT, 99, "genserverd.yaml:7");
    try (var plugins = Plugins.load(folder, true, List.of(wanted))) {
      assertThat(plugins.problems()).isEmpty();
      var children = plugins.loaded().getFirst().children();
      assertThat(children).extracting(ChildSpec::id).containsExactly("counter", "hits");
      var hits = children.getLast();
      assertThat(hits.restart()).isEqualTo(Restart.TRANSIENT);
      var start = (ChildSpec.Start.Server) hits.start();
      assertThat(start.options().args().values()).isEqualTo(Map.of("start", 5));
      assertThat(start.options().name()).contains(ServerRef.named("hits"));
      assertThat(start.options().maxQueue()).isEqualTo(99);
      assertThat(start.factory().get().getClass().getName()).isEqualTo("example.Counter");
    }
  }

  @Test
  void aConfiguredProcessThatCannotBeIsAProblemOfItsOwn() {
    Samples.counter("counter").writeTo(folder);
    var wanted =
        List.of(
            process("hits", "countr", 3),
            process("misses", "cache", 4),
            process("counter", "counter", 5),
            process("sys.mine", "counter", 6),
            process("twice", "counter", 7),
            process("twice", "counter", 8));
    try (var plugins = Plugins.load(folder, true, wanted)) {
      assertThat(plugins.loaded().getFirst().children()).hasSize(2);
      assertThat(plugins.problems())
          .extracting(PluginProblem::message)
          .containsExactly(
              "process 'hits' (genserverd.yaml:3) cannot start: no plugin offers the behaviour"
                  + " 'countr'; did you mean 'counter'?",
              "process 'misses' (genserverd.yaml:4) cannot start: no plugin offers the behaviour"
                  + " 'cache'",
              "process 'counter' (genserverd.yaml:5) cannot start: plugin 'counter' has a child"
                  + " with this id; rename the process",
              "process 'sys.mine' (genserverd.yaml:6) cannot start: the process name 'sys.mine'"
                  + " begins with 'sys.', which is kept for the daemon; rename it",
              "process 'twice' (genserverd.yaml:8) cannot start: plugin 'counter' has a child"
                  + " with this id; rename the process");
    }
  }

  private static ConfiguredProcess process(String name, String behaviour, int line) {
    return new ConfiguredProcess(
        name, behaviour, Args.none(), Restart.PERMANENT, 10, "genserverd.yaml:" + line);
  }

  private Plugins load() {
    return Plugins.load(folder, true, List.of());
  }
}
