package dev.genserver.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {

  @Test
  void codesAndTheirExitCodesAreThoseOfTheProtocol() {
    assertThat(
            Arrays.stream(ErrorCode.values())
                .collect(Collectors.toMap(ErrorCode::wireName, ErrorCode::exitCode)))
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("bad_frame", 65),
                Map.entry("frame_too_large", 65),
                Map.entry("bad_request", 65),
                Map.entry("unknown_op", 65),
                Map.entry("bad_message", 65),
                Map.entry("result_too_large", 65),
                Map.entry("unsupported_version", 76),
                Map.entry("unauthenticated", 77),
                Map.entry("forbidden", 77),
                Map.entry("noproc", 68),
                Map.entry("overloaded", 75),
                Map.entry("unavailable", 69),
                Map.entry("timeout", 124),
                Map.entry("cancelled", 130),
                Map.entry("exit", 70),
                Map.entry("internal", 70),
                Map.entry("slow_consumer", 75),
                Map.entry("unrecognised", 70)));
  }

  @Test
  void everyCodeIsFoundByItsNameAndANewOneIsUnrecognised() {
    for (var code : ErrorCode.values()) {
      assertThat(ErrorCode.of(code.wireName())).isSameAs(code);
    }
    assertThat(ErrorCode.of("shiny")).isSameAs(ErrorCode.UNRECOGNISED);
  }

  @Test
  void framingErrorsAreFatalAndThoseOfOneRequestAreNot() {
    assertThat(Arrays.stream(ErrorCode.values()).filter(ErrorCode::isFatal))
        .containsExactlyInAnyOrder(
            ErrorCode.BAD_FRAME,
            ErrorCode.FRAME_TOO_LARGE,
            ErrorCode.UNSUPPORTED_VERSION,
            ErrorCode.UNAUTHENTICATED,
            ErrorCode.SLOW_CONSUMER);
  }

  @Test
  void unknownWordForExecutedIsTakenAsMaybe() {
    for (var executed : Executed.values()) {
      assertThat(Executed.of(executed.wireName())).isSameAs(executed);
    }
    assertThat(Executed.of("partly")).isSameAs(Executed.MAYBE);
  }
}
