package dev.genserver.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuiltDaemonTest {

  @Test
  void aJarMayHaveANameAndOptions() {
    assertThat(BuiltDaemon.of("a folder/x.jar"))
        .isEqualTo(new BuiltDaemon("genserverd", Path.of("a folder/x.jar"), List.of()));
    assertThat(BuiltDaemon.of("zgc=x.jar -XX:+UseZGC -Xmx1g"))
        .isEqualTo(new BuiltDaemon("zgc", Path.of("x.jar"), List.of("-XX:+UseZGC", "-Xmx1g")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "x.jar Xmx1g", "-XX:+UseZGC"})
  void allElseIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BuiltDaemon.of(text))
        .withMessageContaining("[NAME=]JAR[ OPTION…]");
  }
}
