package dev.genserver.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.fuzz.Plan.End;
import dev.genserver.fuzz.Plan.Expected;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Whether the fuzzer would notice.
class AnswersTest {

  private static final String PONG = "{\"op\":\"pong\",\"id\":\"v0\"}\n";
  private static final String REPLY = "{\"op\":\"reply\",\"id\":\"v1\",\"result\":1}\n";
  private static final String NO_ID = "{\"op\":\"error\",\"error\":{}}\n";
  private static final String GOODBYE = "{\"op\":\"goodbye\",\"code\":\"bad_frame\"}\n";

  /// A ping, a call, and something broken.
  private static Plan plan(End end) {
    var plan = new Plan(true);
    plan.add("{\"op\":\"ping\",\"id\":\"v0\"}", Expected.PONG);
    plan.add("{\"op\":\"call\",\"id\":\"v1\"}", Expected.CALL);
    plan.addAnsweredSomehow("{".getBytes(UTF_8));
    plan.end(end);
    return plan;
  }

  private static void hold(End end, String came) throws IOException {
    var answers = new Answers(plan(end));
    answers.readAll(new ByteArrayInputStream(came.getBytes(UTF_8)));
    answers.demandAll();
  }

  @Test
  void oneAnswerToEachIsWhatIsExpected() throws IOException {
    hold(End.ALL_ANSWERED, REPLY + NO_ID + PONG);
    hold(End.GOODBYE, NO_ID + PONG + GOODBYE);
    hold(End.GOODBYE, NO_ID + PONG + GOODBYE + REPLY);
    hold(End.RESET, PONG);
  }

  @Test
  void anythingElseIsNoticed() {
    assertNoticed(End.ALL_ANSWERED, REPLY + NO_ID, "an answer to v0");
    assertNoticed(End.ALL_ANSWERED, PONG + PONG, "not a second one");
    assertNoticed(End.ALL_ANSWERED, REPLY + PONG, "1 answers without an id of the plan, not 0");
    assertNoticed(End.ALL_ANSWERED, REPLY + NO_ID + PONG + NO_ID, "not 2");
    assertNoticed(End.ALL_ANSWERED, REPLY.replace("v1", "v2"), "an id that was sent");
    assertNoticed(End.ALL_ANSWERED, PONG.replace("pong", "ok"), "PONG");
    assertNoticed(End.ALL_ANSWERED, REPLY + NO_ID + PONG + GOODBYE, "goodbye is true");
    assertNoticed(End.GOODBYE, REPLY + NO_ID + PONG, "goodbye is false");
    assertNoticed(End.GOODBYE, NO_ID + GOODBYE, "an answer to v0");
    assertNoticed(End.GOODBYE, NO_ID + PONG + GOODBYE + GOODBYE, "one goodbye");
    assertNoticed(End.RESET, REPLY + REPLY, "not a second one");
    assertNoticed(End.ALL_ANSWERED, "{\"op\":\"down\",\"ref\":\"m-1\"}\n", "at most 0 down");
    assertNoticed(End.ALL_ANSWERED, "half a line", "a whole last line");
    assertNoticed(End.FOREIGN, "nothing of the kind", "told in words");
  }

  private static void assertNoticed(End end, String came, String message) {
    assertThatThrownBy(() -> hold(end, came)).as(came).hasMessageContaining(message);
  }

  @Test
  void sameSeedMakesTheSamePlanAndAnotherOneAnother() {
    var first = new Generator(7, 1 << 16).plan(500);
    assertThat(new Generator(7, 1 << 16).plan(500).bytes().copy()).isEqualTo(first.bytes().copy());
    assertThat(new Generator(8, 1 << 16).plan(500).bytes().copy())
        .isNotEqualTo(first.bytes().copy());
  }

  @Test
  void everyKindOfEndIsMade() {
    assertThat(
            LongStream.range(0, 300).mapToObj(seed -> new Generator(seed, 1 << 16).plan(5).end()))
        .contains(End.values());
  }
}
