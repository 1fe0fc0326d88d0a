package dev.genserver.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ExitReasonTest {

  @Test
  void reasonsPrintAsErlangWritesThem() {
    assertThat(ExitReason.NORMAL).hasToString("normal");
    assertThat(ExitReason.SHUTDOWN).hasToString("shutdown");
    assertThat(ExitReason.shutdown("done")).hasToString("{shutdown, done}");
    assertThat(ExitReason.KILL).hasToString("kill");
    assertThat(ExitReason.KILLED).hasToString("killed");
    assertThat(ExitReason.NOPROC).hasToString("noproc");
    assertThat(ExitReason.TIMEOUT).hasToString("timeout");
    assertThat(ExitReason.CALLING_SELF).hasToString("calling_self");
    assertThat(new ExitReason.BadReturnValue(7)).hasToString("{bad_return_value, 7}");
    assertThat(ExitReason.of("bad_day")).hasToString("bad_day");
    assertThat(new ExitReason.Failure(new ArithmeticException("boom")))
        .hasToString("java.lang.ArithmeticException: boom");
  }

  @Test
  void equalReasonsAreEqual() {
    assertThat(ExitReason.shutdown("done")).isEqualTo(ExitReason.shutdown("done"));
    assertThat(new ExitReason.Normal()).isEqualTo(ExitReason.NORMAL);
    assertThat(ExitReason.shutdown("done")).isNotEqualTo(ExitReason.SHUTDOWN);
  }

  @Test
  void whatIsThrownBecomesAFailureUnlessItCarriesAReason() {
    var boom = new IllegalStateException("boom");

    assertThat(ExitReason.thrown(boom)).isEqualTo(new ExitReason.Failure(boom));
    assertThat(ExitReason.thrown(new ExitException(ExitReason.of("gone"))))
        .isEqualTo(ExitReason.of("gone"));
    assertThat(ExitReason.thrown(callFailed(ExitReason.NOPROC))).isEqualTo(ExitReason.NOPROC);
  }

  @Test
  void onlyNormalAndShutdownAreExpectedEnds() {
    assertThat(ExitReason.isExpected(ExitReason.NORMAL)).isTrue();
    assertThat(ExitReason.isExpected(ExitReason.SHUTDOWN)).isTrue();
    assertThat(ExitReason.isExpected(ExitReason.shutdown("done"))).isTrue();
    assertThat(ExitReason.isExpected(ExitReason.KILLED)).isFalse();
    assertThat(ExitReason.isExpected(ExitReason.of("normal"))).isFalse();
  }

  @Test
  void failedCallTellsWhichCallItWas() {
    var failed = callFailed(ExitReason.TIMEOUT);

    assertThat(failed.server()).isEqualTo(ServerRef.named("counter"));
    assertThat(failed.request()).isEqualTo("get");
    assertThat(failed.timeout()).isEqualTo(Duration.ofMillis(30));
    assertThat(failed)
        .hasMessage(
            "call to 'counter' failed: timeout, no reply within PT0.03S;"
                + " the server may still act on get");
    assertThat(callFailed(ExitReason.NOPROC))
        .hasMessage("call to 'counter' failed: noproc, no such process; request get");
  }

  @Test
  void failureOfTheCalledServerIsTheCauseOfTheFailedCall() {
    var boom = new IllegalStateException("boom");

    assertThat(callFailed(new ExitReason.Failure(boom)))
        .hasCause(boom)
        .hasMessageContaining("the process ended before it answered get");
  }

  private static CallException callFailed(ExitReason reason) {
    return new CallException(reason, ServerRef.named("counter"), "get", Duration.ofMillis(30));
  }
}
