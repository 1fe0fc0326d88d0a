package dev.genserver.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("it takes the standard error of the whole JVM for a moment")
class LoggingTest {

  private static final String TIME =
      "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\S+) ";

  @Test
  void anEventIsOneLineOnStandardErrorWhateverItsMessageHolds() {
    var lines = logged("dev.genserver.daemon.Sample", Level.INFO, "a\r\n  b\nc");
    assertThat(lines).matches(TIME + "INFO  Sample a \\| b \\| c\\R");
  }

  @Test
  void messageCannotCommandTheTerminal() {
    assertThat(logged("dev.genserver.daemon.Sample", Level.INFO, "a\u001b[2Jb\u0007\tc"))
        .endsWith("Sample a?[2Jb?\tc\n");
  }

  @Test
  void onlyWhatAPersonShouldSeeIsLogged() {
    assertThat(logged("dev.genserver.daemon.Sample", Level.DEBUG, "x")).isEmpty();
    assertThat(logged("io.netty.Sample", Level.INFO, "x")).isEmpty();
    assertThat(logged("io.netty.Sample", Level.WARNING, "x")).matches(TIME + "WARN  Sample x\\R");
  }

  private static String logged(String logger, Level level, String message) {
    var before = System.err;
    var bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, UTF_8));
    try {
      System.getLogger(logger).log(level, message);
    } finally {
      System.setErr(before);
    }
    return bytes.toString(UTF_8);
  }
}
