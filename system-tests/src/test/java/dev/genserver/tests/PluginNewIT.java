package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The project that `genserver plugin new` writes is built by Maven as it is, without a network,
/// and its jar deployed and called.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PluginNewIT {

  private static final String VERSION = "0.1.0";

  @TempDir Path folder;

  @Test
  void projectBuildsPassesItsTestsDeploysAndAnswers() throws Exception {
    assumeTrue(isInstalled("mvn"), "there is no mvn");
    var project = folder.resolve("price-list");
    try (var daemon = new DaemonProgram(Files.createDirectory(folder.resolve("plugins")))) {
      assertThat(daemon.genserver("plugin", "new", project.toString())).startsWith("0 ");

      var repository = repository();
      assertThat(maven(project, repository)).isEmpty();
      unlink(repository);
      assertThat(project.resolve("target/surefire-reports"))
          .isDirectoryContaining("glob:**TEST-com.example.pricelist.PriceListTest.xml")
          .isDirectoryContaining("glob:**TEST-com.example.pricelist.PriceListPluginTest.xml");

      var jar = project.resolve("target/price-list-1.0.0.jar").toString();
      assertThat(daemon.genserver("plugin", "deploy", jar))
          .isEqualTo("0 price-list 1.0.0 deployed, 1 process started");
      assertThat(daemon.genserver("call", "price-list", "add", "by=3")).isEqualTo("0 3");
      assertThat(daemon.genserver("plugin", "remove", "price-list"))
          .isEqualTo("0 price-list 1.0.0 removed, 1 process stopped, its classes are gone");
    }
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /// What `mvn package` prints, which is nothing where all is well.
  private String maven(Path project, Path repository) throws IOException, InterruptedException {
    var maven =
        new ProcessBuilder("mvn", "-q", "-B", "-o", "-Dmaven.repo.local=" + repository, "package")
            .directory(project.toFile())
            .redirectErrorStream(true);
    maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
    // Of the Maven that runs this test.
    maven.environment().keySet().removeIf(name -> name.startsWith("MAVEN_"));
    var process = maven.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    // The JVM warns of Maven itself.
    return output.lines().filter(line -> line.startsWith("[")).reduce("", String::concat);
  }

  /// A local repository with all that the user's has, and with what this build has made.
  private Path repository() throws IOException {
    var own = Files.createDirectory(folder.resolve("repository"));
    var users =
        Path.of(
            Objects.requireNonNullElse(
                System.getProperty("localRepository"),
                System.getProperty("user.home") + "/.m2/repository"));
    link(users, own, "dev");
    var dev = Files.createDirectory(own.resolve("dev"));
    link(users.resolve("dev"), dev, "genserver");
    var genserver = dev.resolve("genserver");
    Files.copy(Path.of("../pom.xml"), artifact(genserver, "genserver-parent", ".pom"));
    for (var module : List.of("sdk", "runtime", "testkit")) {
      var name = "genserver-" + module;
      var built = Path.of("..", module);
      Files.copy(built.resolve("pom.xml"), artifact(genserver, name, ".pom"));
      Files.copy(
          built.resolve("target/" + name + "-" + VERSION + ".jar"),
          artifact(genserver, name, ".jar"));
    }
    return own;
  }

  private static void link(Path from, Path to, String without) throws IOException {
    if (Files.isDirectory(from)) {
      try (var entries = Files.list(from)) {
        for (var entry : entries.toList()) {
          if (!entry.endsWith(without)) {
            Files.createSymbolicLink(to.resolve(entry.getFileName()), entry.toRealPath());
          }
        }
      }
    }
  }

  private static void unlink(Path repository) throws IOException {
    try (var links = Files.walk(repository)) {
      for (var link : links.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  private static Path artifact(Path group, String name, String ending) throws IOException {
    var folder = Files.createDirectories(group.resolve(name).resolve(VERSION));
    return folder.resolve(name + "-" + VERSION + ending);
  }
}
