package dev.genserver.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PidTest {

  @Test
  void printedPidIsReadBackAsItself() {
    var pid = new Pid(1, 42);

    assertThat(pid).hasToString("<1.42>");
    assertThat(Pid.parse(pid.toString())).contains(pid);
    assertThat(Pid.parse("<999999999.999999999999999999>"))
        .contains(new Pid(999_999_999, 999_999_999_999_999_999L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.42",
        "<1.42",
        "1.42>",
        "<1>",
        "<1.>",
        "<.42>",
        "<-1.42>",
        "< 1.42>",
        "<1.42> ",
        "<1.2.3>",
        "<a.b>",
        "<1234567890.1>",
        "<1.1234567890123456789>"
      })
  void otherTextsAreNone(String text) {
    assertThat(Pid.parse(text)).isEmpty();
  }
}
