package dev.genserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `genserver plugin new`; that its project builds and deploys is tested with a daemon.
class PluginNewTest {

  @TempDir Path home;

  private Genserver run(String folder, String... options) {
    var args = new ArrayList<>(List.of("plugin", "new", home.resolve(folder).toString()));
    args.addAll(List.of(options));
    return Genserver.run("", Map.of(), args.toArray(String[]::new));
  }

  private static List<String> files(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void projectHasItsNamesFromTheFolder() throws Exception {
    var run = run("Rate Limiter");

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("written for the plugin rate-limiter; ").endsWith(" go on\n");
    assertThat(run.exitCode()).isZero();
    var project = home.resolve("Rate Limiter");
    assertThat(files(project))
        .containsExactly(
            ".gitignore",
            "README.md",
            "pom.xml",
            "src/main/java/com/example/ratelimiter/RateLimiter.java",
            "src/main/java/com/example/ratelimiter/RateLimiterPlugin.java",
            "src/main/resources/META-INF/services/dev.genserver.sdk.Plugin",
            "src/test/java/com/example/ratelimiter/RateLimiterPluginTest.java",
            "src/test/java/com/example/ratelimiter/RateLimiterTest.java");
    assertThat(project.resolve("src/main/resources/META-INF/services/dev.genserver.sdk.Plugin"))
        .hasContent("com.example.ratelimiter.RateLimiterPlugin");
    for (var file : files(project)) {
      assertThat(Files.readString(project.resolve(file))).as(file).doesNotContainPattern("@\\w+@");
    }
  }

  @Test
  void namesCanBeGiven() throws Exception {
    var run = run("here", "--id", "shop", "--package", "org.example.till", "--json");

    assertThat(run.out())
        .isEqualTo(
            "{\"folder\":\"%s\",\"id\":\"shop\",\"package\":\"org.example.till\"}\n"
                .formatted(home.resolve("here")));
    var pom =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(home.resolve("here/pom.xml").toFile());
    assertThat(pom.getElementsByTagName("artifactId").item(0).getTextContent()).isEqualTo("shop");
    assertThat(home.resolve("here/src/main/java/org/example/till/Shop.java")).exists();
  }

  @Test
  void emptyFolderIsTaken() throws Exception {
    Files.createDirectory(home.resolve("shop"));

    assertThat(run("shop").exitCode()).isZero();
  }

  @Test
  void nothingIsOverwritten() throws Exception {
    var folder = Files.createDirectory(home.resolve("shop"));
    Files.writeString(folder.resolve("notes.txt"), "mine");
    var run = run("shop");

    assertThat(run.err())
        .isEqualTo(
            "'%s' is there already, and not empty; nothing was written, name another folder\n"
                .formatted(folder));
    assertThat(run.exitCode()).isEqualTo(73);
    assertThat(files(folder)).containsExactly("notes.txt");

    var file = run("shop/notes.txt", "--id", "notes");
    assertThat(file.exitCode()).isEqualTo(73);
    assertThat(folder.resolve("notes.txt")).hasContent("mine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9lives", "-shop", "grüße", "shop!", "Shop--two"})
  void folderThatNamesNoPluginIsRefusedAndTheWayOutNamed(String folder) {
    var run = run(folder);

    assertThat(run.err()).contains("cannot name a plugin", "by --id");
    assertThat(run.exitCode()).isEqualTo(64);
    assertThat(home.resolve(folder)).doesNotExist();
    assertThat(run(folder, "--id", "shop").exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"state", "call", "plugin", "math", "list", "gen-server", "test-node"})
  void nameThatTheCodeUsesForSomethingElseIsRefused(String id) {
    var run = run("folder", "--id", id);

    assertThat(run.err()).contains("would have a class ", "--id");
    assertThat(run.exitCode()).isEqualTo(64);
  }

  @ParameterizedTest
  @CsvSource({"shop,com.class.shop", "shop,com..shop", "shop,com.example.", "shop,''", "new,"})
  void packageThatIsNoneIsRefused(String id, String javaPackage) {
    var run =
        javaPackage == null
            ? run("folder", "--id", id)
            : run("folder", "--id", id, "--package", javaPackage);

    assertThat(run.err()).contains("is no name of a Java package", "--package");
    assertThat(run.exitCode()).isEqualTo(64);
    assertThat(home.resolve("folder")).doesNotExist();
  }
}
