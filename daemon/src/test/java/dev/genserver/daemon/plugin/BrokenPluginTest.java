package dev.genserver.daemon.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.testkit.PluginJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every way in which a jar can be wrong has a sentence of its own.
class BrokenPluginTest {

  private static final String SERVICES = "META-INF/services/dev.genserver.sdk.Plugin";

  @TempDir private Path folder;

  @Test
  void whatIsNoZipIsRefused() throws IOException {
    Files.writeString(folder.resolve("text.jar"), "not a jar");
    assertThat(problem())
        .isEqualTo(
            "plugin text.jar refused: text.jar is no readable jar (zip END header not found);"
                + " build or copy it again");
  }

  @Test
  void aTruncatedJarIsRefused() throws IOException {
    var jar = Samples.counter("counter").writeTo(folder);
    var bytes = Files.readAllBytes(jar);
    Files.write(jar, Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(problem()).contains("counter-1.0.0.jar is no readable jar (");
  }

  @Test
  void missingManifestAttributesAreNamed() {
    PluginJar.bare("bare.jar").resource("readme.txt", "x").writeTo(folder);
    PluginJar.bare("half.jar")
        .manifest("Genserver-Plugin-Id", "half")
        .manifest("Genserver-Plugin-Version", " ")
        .writeTo(folder);
    assertThat(problems())
        .containsExactly(
            "plugin bare.jar refused: its manifest lacks Genserver-Plugin-Id,"
                + " Genserver-Plugin-Version, Genserver-Sdk-Version; add them where the jar is"
                + " built, with Genserver-Sdk-Version: 1",
            "plugin half.jar refused: its manifest lacks Genserver-Plugin-Version,"
                + " Genserver-Sdk-Version; add them where the jar is built, with"
                + " Genserver-Sdk-Version: 1");
  }

  @Test
  void aPluginForAnotherSdkIsRefusedBeforeItsClassesAreLoaded() {
    PluginJar.of("counter", "1.2.0")
        .manifest("Genserver-Sdk-Version", "2")
        .service("example.NotEvenThere")
        .writeTo(folder);
    assertThat(problem())
        .isEqualTo(
            "plugin counter-1.2.0.jar refused: built against SDK 2, this daemon offers SDK 1;"
                + " rebuild with sdk 1.x or use a genserverd that offers SDK 2");
  }

  @Test
  void twoPluginsInOneFolderAreRefused() {
    Samples.counter("a").writeTo(folder.resolve("both"));
    Samples.counter("b").writeTo(folder.resolve("both"));
    assertThat(problem())
        .isEqualTo(
            "plugin both refused: 2 of its jars have the attribute Genserver-Plugin-Id; a folder"
                + " is one plugin, put the others beside it");
  }

  @Test
  void aJarWithoutServiceIsRefused() {
    PluginJar.of("none", "1").writeTo(folder);
    assertThat(problem())
        .isEqualTo(
            "plugin none-1.jar refused: it offers no service; name its Plugin class in "
                + SERVICES);
  }

  @Test
  void aJarWithTwoServicesIsRefused() {
    Samples.counter("two")
        .plugin(
            "example.Other",
            Samples.plugin("List.of()", "List.of()").replace("CounterPlugin", "Other"))
        .writeTo(folder);
    assertThat(problem())
        .isEqualTo(
            "plugin two-1.0.0.jar refused: it offers 2 services (example.CounterPlugin,"
                + " example.Other); leave one in "
                + SERVICES);
  }

  @Test
  void aServiceWhoseClassIsMissingIsRefused() {
    PluginJar.of("gone", "1").service("example.Gone").writeTo(folder);
    assertThat(problem())
        .isEqualTo(
            "plugin gone-1.jar refused: dev.genserver.sdk.Plugin: Provider example.Gone not found;"
                + " mend "
                + SERVICES
                + " or the class");
  }

  @Test
  void aServiceThatIsNoPluginIsRefused() {
    PluginJar.of("text", "1")
        .source("example.Counter", Samples.COUNTER)
        .service("example.Counter")
        .writeTo(folder);
    assertThat(problem()).contains("example.Counter not a subtype; mend ");
  }

  @Test
  void aClassFileThatIsBrokenIsRefused() {
    PluginJar.of("junk", "1")
        .resource("example/Junk.class", "junk")
        .service("example.Junk")
        .writeTo(folder);
    assertThat(problem()).startsWith("plugin junk-1.jar refused: ").contains("; mend " + SERVICES);
  }

  @Test
  void aConstructorThatThrowsIsTold() {
    PluginJar.of("cross", "1")
        .plugin(
            "example.Cross",
            """
            package example;
            import dev.genserver.sdk.*;
            public final class Cross implements Plugin {
              public Cross() { throw new IllegalStateException("not today"); }
              @Override public java.util.List<Behaviour<?>> behaviours() { return null; }
            }
            """)
        .writeTo(folder);
    assertThat(problem())
        .isEqualTo(
            "plugin cross-1.jar refused: the constructor of example.Cross failed:"
                + " java.lang.IllegalStateException: not today");
  }

  @Test
  void methodsThatThrowOrReturnNullAreToldTogether() {
    Samples.answering("null", "List.of(ChildSpec.named(\"<\", Counter::new))").writeTo(folder);
    assertThat(problems())
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .isEqualTo(
                        "plugin odd-1.0.0.jar refused: example.CounterPlugin.behaviours() returned"
                            + " null; return List.of() where there are none"),
            second ->
                assertThat(second)
                    .startsWith(
                        "plugin odd-1.0.0.jar refused: example.CounterPlugin.children() threw"
                            + " java.lang.IllegalArgumentException: '<' is no name"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " -> ",
      quoteCharacter = '`',
      value = {
        "Arrays.asList((Behaviour<?>) null) -> example.CounterPlugin.behaviours() returned a list"
            + " that holds null; leave the null out",
        "List.of(new Behaviour<Counter>(\"x\", Counter.class, null)) -> a behaviour lacks its"
            + " name, type or factory; give it all three",
        "List.of(Behaviour.of(\"sys.x\", Counter.class, Counter::new)) -> behaviour 'sys.x' has a"
            + " name that is empty or reserved for the daemon; rename it",
        "List.of(Behaviour.of(\"\", Counter.class, Counter::new)) -> behaviour '' has a name that"
            + " is empty or reserved for the daemon; rename it",
        "List.of(Behaviour.of(\"x\", Counter.class, Counter::new), Behaviour.of(\"x\","
            + " Counter.class, Counter::new)) -> behaviour 'x' is there twice; rename one of them"
      })
  void behavioursThatCannotBeAreRefused(String behaviours, String reason) {
    Samples.answering(behaviours, "List.of()").writeTo(folder);
    assertThat(problem()).isEqualTo("plugin odd-1.0.0.jar refused: " + reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " -> ",
      quoteCharacter = '`',
      value = {
        "new ArrayList<>(Arrays.asList((ChildSpec) null)) -> example.CounterPlugin.children()"
            + " returned a list that holds null; leave the null out",
        "List.of(ChildSpec.named(\"x\", Counter::new).restart(null)) -> a child lacks its id,"
            + " start, restart or shutdown; give it all four",
        "List.of(ChildSpec.named(\"x\", Counter::new), ChildSpec.worker(\"x\", Counter::new,"
            + " StartOptions.none())) -> child 'x' is there twice; rename one of them",
        "List.of(ChildSpec.named(\"x\", Counter::new), ChildSpec.worker(\"y\", Counter::new,"
            + " StartOptions.named(\"x\"))) -> the process name 'x' is taken by plugin"
            + " odd-1.0.0.jar; rename one of them",
        "List.of(ChildSpec.named(\"sys.x\", Counter::new)) -> the process name 'sys.x' begins with"
            + " 'sys.', which is kept for the daemon; rename it",
        "List.of(ChildSpec.named(\"x\", Counter::none)) -> child 'x' has a factory that returned"
            + " null; return a new server",
        "List.of(ChildSpec.named(\"x\", Counter::failing)) ->"
            + " child 'x' has a factory that threw java.lang.IllegalStateException: no",
        "List.of(ChildSpec.supervisor(\"s\", SupervisorSpec.oneForOne(List.of(ChildSpec.named(\"x\","
            + " Counter::none))))) -> child 'x' has a factory that returned null; return a new server"
      })
  void childrenThatCannotBeAreRefused(String children, String reason) {
    Samples.answering("List.of()", children).writeTo(folder);
    assertThat(problem()).isEqualTo("plugin odd-1.0.0.jar refused: " + reason);
  }

  @Test
  void messageTypesThatCannotBeBoundAreToldForBehavioursAndChildren() {
    PluginJar.of("odd", "1.0.0")
        .source("example.One", server("One", "Thread"))
        .source("example.Two", server("Two", "Runnable"))
        .plugin(
            "example.CounterPlugin",
            Samples.plugin(
                "List.of(Behaviour.of(\"one\", One.class, One::new))",
                "List.of(ChildSpec.named(\"one\", One::new), ChildSpec.named(\"two\", Two::new))"))
        .writeTo(folder);
    assertThat(problems())
        .satisfiesExactly(
            one ->
                assertThat(one)
                    .startsWith(
                        "plugin odd-1.0.0.jar refused: behaviour 'one': One has the call type"
                            + " Thread, and no JSON becomes a java.lang.Thread; use "),
            two ->
                assertThat(two)
                    .startsWith(
                        "plugin odd-1.0.0.jar refused: child 'two': Two has the call type"
                            + " Runnable, and no JSON becomes a java.lang.Runnable; use "));
  }

  @Test
  void aBrokenPluginDoesNotHoldUpTheOthers() throws IOException {
    Files.writeString(folder.resolve("broken.jar"), "not a jar");
    Samples.counter("counter").writeTo(folder);
    Samples.answering("null", "null").writeTo(folder);
    try (var plugins = Plugins.load(folder, true, List.of())) {
      assertThat(plugins.loaded()).extracting(LoadedPlugin::id).containsExactly("counter");
      assertThat(plugins.problems()).hasSize(3);
    }
  }

  private static String server(String name, String call) {
    return """
    package example;
    import dev.genserver.sdk.*;
    public final class %s extends GenServer<Long, %s, Void> {
      @Override public Init<Long> init(Args args) { return ok(0L); }
    }
    """
        .formatted(name, call);
  }

  private String problem() {
    assertThat(problems()).hasSize(1);
    return problems().getFirst();
  }

  private List<String> problems() {
    try (var plugins = Plugins.load(folder, true, List.of())) {
      return plugins.problems().stream().map(PluginProblem::message).toList();
    }
  }
}
