package dev.genserver.daemon.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.runtime.Node;
import dev.genserver.runtime.Unloading;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.SupervisorSpec;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FiveHundredDeploymentsTest {

  private static final long MANY_CLASSES = 2 << 20;
  private static final int MANY_FILES = 20;

  @TempDir private Path folder;
  @TempDir private Path elsewhere;

  @Test
  @Timeout(120)
  void leaveMetaspaceAndOpenFilesAsTheyWere() throws Exception {
    var jar = Samples.counter("late").writeTo(elsewhere);
    try (var plugins = Plugins.load(folder, true, List.of());
        var node = Node.create()) {
      var root = node.start(SupervisorSpec.oneForOne(List.of()), StartOptions.none()).pidOrThrow();
      var deployment = new Deployment(node, root, plugins, folder);
      var unloadings = cycles(20, jar, deployment);
      assertThat(unloadings.getLast().await()).as("unloaded").isTrue();
      var metaspace = metaspace();
      var files = openFiles();
      unloadings.addAll(cycles(480, jar, deployment));

      assertThat(unloadings.getLast().await()).as("unloaded").isTrue();
      assertThat(unloadings).as("all have gone").allMatch(Unloading::isDone);
      assertThat(deployment.leaking()).isEmpty();
      assertThat(metaspace() - metaspace).as("bytes of metaspace").isLessThan(MANY_CLASSES);
      assertThat(openFiles() - files).as("open files").isLessThan(MANY_FILES);
      assertThat(node.processCount()).as("processes: the root").isEqualTo(1);
    }
  }

  private List<Unloading> cycles(int count, Path jar, Deployment deployment) throws IOException {
    var unloadings = new ArrayList<Unloading>();
    for (var i = 0; i < count; i++) {
      var upload = Files.copy(jar, elsewhere.resolve("upload.jar"));
      assertThat(deployment.deploy(upload, "late.jar").kept()).isTrue();
      unloadings.add(deployment.remove("late").orElseThrow().unloading());
    }
    return unloadings;
  }

  private static long metaspace() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getName().equals("Metaspace"))
        .findFirst()
        .orElseThrow()
        .getUsage()
        .getUsed();
  }

  private static long openFiles() throws IOException {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }
}
