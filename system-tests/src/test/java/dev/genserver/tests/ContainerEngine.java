package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;

/// The container engine of this machine, if one answers.
final class ContainerEngine {

  /// Why a test is skipped; `scripts/test` repeats it at its end.
  static final String NONE = "no container engine answers; scripts/docker-engine up starts one";

  /// What is built for the tests.
  static final String IMAGE = "genserverd:test";

  /// The same with the example plugins.
  static final String EXAMPLES = "genserverd-examples:test";

  private ContainerEngine() {}

  static boolean answers() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  static DockerClient client() {
    return DockerClientFactory.lazyClient();
  }

  /// Builds both from the Dockerfile; the second time the engine has it all in its cache.
  static void buildImages() throws IOException, InterruptedException {
    buildImage(IMAGE, "daemon");
    buildImage(EXAMPLES, "examples");
  }

  private static void buildImage(String tag, String target)
      throws IOException, InterruptedException {
    var build =
        new ProcessBuilder("../scripts/docker-engine", "image", tag, target)
            .redirectErrorStream(true)
            .start();
    var output = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(build.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(build.exitValue()).as(output).isZero();
  }
}
