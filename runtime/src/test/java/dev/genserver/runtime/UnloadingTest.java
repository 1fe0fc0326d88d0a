package dev.genserver.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

/// In a JVM that was not told to open anything. Where it was, tests of the daemon look at each kind
/// of what may hold a plugin.
class UnloadingTest {

  @Test
  void whatWasNotLookedForIsSaid() throws Exception {
    try (var loader = new URLClassLoader("shop", new URL[0], null)) {
      var unloading = Unloading.begin("shop", "1.0.0", loader);
      assertThat(unloading.isDone()).isFalse();
      assertThat(unloading.holders())
          .satisfiesExactly(
              line ->
                  assertThat(line)
                      .contains("cannot be seen from inside", "to the class loader 'shop'"),
              line ->
                  assertThat(line)
                      .contains("thread locals", "virtual threads")
                      .endsWith(
                          "start this JVM with --add-opens=java.base/java.lang=ALL-UNNAMED"
                              + " --add-opens=java.base/jdk.internal.vm=ALL-UNNAMED"
                              + " --add-opens=java.sql/java.sql=ALL-UNNAMED"));
    }
  }

  @Test
  void aLoaderThatNobodyHoldsHasGone() throws Exception {
    var unloading = Unloading.begin("shop", "1.0.0", new URLClassLoader(new URL[0], null));
    assertThat(unloading.await()).isTrue();
    assertThat(unloading.holders()).isEmpty();
  }
}
