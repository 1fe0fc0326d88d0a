package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The cache that halves the start of the command line, made as scripts/genserver makes it.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class AotCacheIT {

  private static final String JAR = "../cli/target/genserver.jar";

  @TempDir Path folder;

  @Test
  void commandLineTakesItsClassesFromTheCache() throws Exception {
    var cache = folder.resolve("genserver.aot");
    run(List.of("-XX:AOTCacheOutput=" + cache, "-cp", JAR, "dev.genserver.cli.Rehearsal"));
    var log = folder.resolve("classes.log");
    var output =
        run(
            List.of(
                "-XX:AOTCache=" + cache,
                "-Xlog:class+load:file=" + log,
                "-jar",
                JAR,
                "ping",
                "--url",
                "127.0.0.1:1"));

    assertThat(output).startsWith("ping failed: no daemon reached at 127.0.0.1:1");
    var own =
        Files.readAllLines(log).stream()
            .filter(line -> line.contains(" dev.genserver.") && !line.contains("$$"))
            .toList();
    assertThat(own).anyMatch(line -> line.contains("dev.genserver.cli.Main "));
    assertThat(own).allMatch(line -> line.contains("source: shared objects file"));
  }

  @Test
  void cacheThatIsMissingOrBrokenIsDoneWithoutInSilence() throws Exception {
    var broken = Files.writeString(folder.resolve("broken.aot"), "no cache");
    for (var cache : List.of(folder.resolve("missing.aot"), broken)) {
      assertThat(run(List.of("-XX:AOTCache=" + cache, "-jar", JAR, "ping", "--url", "127.0.0.1:1")))
          .startsWith("ping failed: no daemon reached at 127.0.0.1:1")
          .hasLineCount(1);
    }
  }

  /// What the JVM prints to both streams, with the options that are shipped.
  private static String run(List<String> arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(DaemonProgram.JAVA, "@../cli/jvm.options"));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("GENSERVER"));
    var program = builder.start();
    var output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
