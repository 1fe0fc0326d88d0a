package dev.genserver.daemon.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.daemon.binding.Binding;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.PartitionSupervisorSpec;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.Strategy;
import dev.genserver.sdk.SupervisorSpec;
import dev.genserver.testkit.PluginJar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
              "plugin b refused: its id 'a' is taken by a-1.0.0.jar; upgrade that, or remove one of them",
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
            "hits",
            "counter",
            Args.of("start", 5),
            Restart.TRANSIENT,
            99,
            true,
            "genserverd.yaml:7");
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
      assertThat(start.options().cpuBound()).isTrue();
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
    try (var plugins = Plugins.load(folder, true, List.copyOf(wanted))) {
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

  @Test
  void aConfiguredSupervisorIsAChildOfItsPlugin() {
    Samples.counter("counter").writeTo(folder);
    var wanted =
        supervisor(
            "shop", 3, process("a", "counter", 4), supervisor("b", 5, process("c", "counter", 6)));
    try (var plugins = Plugins.load(folder, true, List.of(wanted))) {
      assertThat(plugins.problems()).isEmpty();
      var shop = plugins.loaded().getFirst().children().getLast();
      assertThat(shop.id()).isEqualTo("shop");
      assertThat(shop.restart()).isEqualTo(Restart.TRANSIENT);
      assertThat(shop.type()).isEqualTo(ChildSpec.Type.SUPERVISOR);
      var start = (ChildSpec.Start.Tree) shop.start();
      assertThat(start.options().name()).contains(ServerRef.named("shop"));
      var spec = (SupervisorSpec) start.tree();
      assertThat(spec.strategy()).isEqualTo(Strategy.REST_FOR_ONE);
      assertThat(spec.intensity()).isEqualTo(7);
      assertThat(spec.period()).isEqualTo(Duration.ofMinutes(1));
      assertThat(spec.children()).extracting(ChildSpec::id).containsExactly("a", "b");
    }
  }

  @Test
  void aConfiguredSupervisorThatCannotBeIsTold() {
    Samples.counter("counter").writeTo(folder);
    Samples.counter("other").writeTo(folder);
    var wanted =
        List.<ConfiguredChild>of(
            supervisor("broken", 3, process("a", "countr", 4), process("b", "cache", 5)),
            supervisor("mixed", 6, process("c", "counter", 7), process("d", "other", 8)),
            supervisor("clash", 9, process("counter", "counter", 10)));
    try (var plugins = Plugins.load(folder, true, wanted)) {
      assertThat(plugins.loaded()).allSatisfy(it -> assertThat(it.children()).hasSize(1));
      assertThat(plugins.problems())
          .extracting(PluginProblem::message)
          .containsExactly(
              "process 'a' (genserverd.yaml:4) cannot start: no plugin offers the behaviour"
                  + " 'countr'; did you mean 'counter'?",
              "process 'b' (genserverd.yaml:5) cannot start: no plugin offers the behaviour"
                  + " 'cache'",
              "supervisor 'broken' (genserverd.yaml:3) cannot start: not all of its children can",
              "supervisor 'mixed' (genserverd.yaml:6) cannot start: its children are of the"
                  + " plugins counter, other; a supervisor is of one plugin, so make one for each",
              "supervisor 'clash' (genserverd.yaml:9) cannot start: the process name 'counter' is"
                  + " taken by plugin counter-1.0.0.jar; rename one of them");
    }
  }

  @Test
  void treesOfAllKindsAreCheckedAndTheirFactoriesIsolated() {
    Samples.answering(
            "List.of()",
            """
            List.of(
                ChildSpec.supervisor("all", SupervisorSpec.oneForAll(
                    List.of(ChildSpec.named("x", Counter::new)))),
                ChildSpec.supervisor("rooms", DynamicSupervisorSpec.create(),
                    StartOptions.named("rooms")),
                ChildSpec.supervisor("parts",
                    PartitionSupervisorSpec.of(ChildSpec.worker("part", Counter::new, StartOptions.none())),
                    StartOptions.named("parts")),
                ChildSpec.function("made", () -> new StartResult.Ignore()))
            """)
        .writeTo(folder);
    try (var plugins = load()) {
      assertThat(plugins.problems()).isEmpty();
      var plugin = plugins.loaded().getFirst();
      var parts = (ChildSpec.Start.Tree) plugin.children().get(2).start();
      var part = (ChildSpec.Start.Server) ((PartitionSupervisorSpec) parts.tree()).child().start();
      assertThat(part.factory().get().getClass().getClassLoader()).isSameAs(plugin.loader());
    }
  }

  @Test
  void whatIsWrongInATreeIsToldBeforeAnyOfItRuns() {
    Samples.answering(
            "List.of()",
            """
            List.of(
                ChildSpec.supervisor("s", SupervisorSpec.oneForOne(
                    List.of(ChildSpec.named("x", Counter::new)
                        .restart(Restart.TRANSIENT).significant(true)))),
                ChildSpec.supervisor("parts",
                    PartitionSupervisorSpec.of(ChildSpec.worker("part", Counter::failing, StartOptions.none())),
                    StartOptions.named("s")),
                ChildSpec.supervisor("again", DynamicSupervisorSpec.create(), StartOptions.named("s")))
            """)
        .writeTo(folder);
    try (var plugins = load()) {
      assertThat(plugins.loaded()).isEmpty();
      assertThat(plugins.problems())
          .extracting(PluginProblem::message)
          .anyMatch(problem -> problem.contains("child 'x' is significant, but its supervisor"))
          .anyMatch(problem -> problem.contains("child 'part' has a factory that threw"));
    }
  }

  private static ConfiguredSupervisor supervisor(
      String name, int line, ConfiguredChild... children) {
    return new ConfiguredSupervisor(
        name,
        Strategy.REST_FOR_ONE,
        7,
        Duration.ofMinutes(1),
        Restart.TRANSIENT,
        List.of(children),
        "genserverd.yaml:" + line);
  }

  private static ConfiguredProcess process(String name, String behaviour, int line) {
    return new ConfiguredProcess(
        name, behaviour, Args.none(), Restart.PERMANENT, 10, false, "genserverd.yaml:" + line);
  }

  private Plugins load() {
    return Plugins.load(folder, true, List.of());
  }
}
