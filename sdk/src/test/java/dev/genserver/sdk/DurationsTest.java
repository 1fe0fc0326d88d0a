package dev.genserver.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({"250ms, PT0.25S", "2s, PT2S", "5m, PT5M", "1h, PT1H", "0ms, PT0S", "' 2s ', PT2S"})
  void timesAsPeopleWriteThemAreRead(String text, Duration expected) {
    assertThat(Durations.parse(text)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "2", "-2s", "1.5s", "2 s", "2S", "2d", "2s3ms", "٢s"})
  void otherTextsAreNone(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }

  @Test
  void theLargestNumberFitsInEveryUnitAndOneDigitMoreIsRefused() {
    var largest = "9".repeat(15);

    assertThat(Durations.parse(largest + "h")).contains(Duration.ofHours(999_999_999_999_999L));
    assertThat(Durations.parse(largest + "9ms")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0ms", "1ms", "1500ms", "90s", "2m", "100m", "24h"})
  void timeIsWrittenAsItIsRead(String text) {
    assertThat(Durations.parse(text).map(Durations::format)).contains(text);
  }
}
