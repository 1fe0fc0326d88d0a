package dev.genserver.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientMessagesTest {

  @Test
  void callIsReadWithEveryField() {
    assertThat(
            decode(
                """
                {"op":"call","id":7,"to":"counter","msg":{"type":"add","by":3},"timeout_ms":250,\
                "meta":{"user":"ann"},"trace":"00-ab-cd-01","later":[1]}\
                """))
        .isEqualTo(
            new ClientMessage.Call(
                RequestId.of(7),
                "counter",
                RawJson.of("{\"type\":\"add\",\"by\":3}"),
                250,
                Map.of("user", "ann"),
                "00-ab-cd-01"));
  }

  @Test
  void fieldsMayComeInAnyOrderAndBeEscaped() {
    assertThat(
            decode(
                "{ \"msg\" : \"get\",\n\"to\":\"c\\u006funter\", \"i\\u0064\":\"a\\nb\",\"op\":\"c\\u0061ll\"}"))
        .isEqualTo(
            new ClientMessage.Call(
                RequestId.of("a\nb"), "counter", RawJson.of("\"get\""), 5000, Map.of(), null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0",
        "250|250",
        "\"infinity\"|9223372036854775807",
        "9223372036854775807|9223372036854775806",
        "99999999999999999999999999|9223372036854775806",
      })
  void timeoutIsReadAndNeverOverflows(String json, long timeoutMs) {
    assertThat(
            decode("{\"op\":\"call\",\"id\":1,\"to\":\"c\",\"msg\":1,\"timeout_ms\":" + json + "}"))
        .isInstanceOfSatisfying(
            ClientMessage.Call.class, call -> assertThat(call.timeoutMs()).isEqualTo(timeoutMs));
  }

  @Test
  void castNeedsNoId() {
    assertThat(decode("{\"op\":\"cast\",\"to\":\"<1.42>\",\"msg\":null}"))
        .isEqualTo(new ClientMessage.Cast(null, "<1.42>", RawJson.NULL, Map.of(), null));
  }

  @Test
  void helloIsReadWithEveryField() {
    assertThat(
            decode(
                """
                {"op":"hello","id":0,"versions":[1,2],"client":{"name":"n","lang":"go","x":1},\
                "token":"s3cret"}\
                """))
        .isEqualTo(
            new ClientMessage.Hello(
                RequestId.of(0),
                List.of(1, 2),
                new ClientMessage.ClientInfo("n", "go", null),
                "s3cret"))
        .asString()
        .doesNotContain("s3cret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|field 'op' is missing; it must be a string",
        "{\"op\":1}|field 'op' must be a string; it is 1",
        "{\"op\":\"call\",\"to\":\"c\",\"msg\":1}|field 'id' is missing; it must be an integer from 0"
            + " to 2^53-1, or a string of at most 64 bytes",
        "{\"op\":\"call\",\"id\":1,\"msg\":1}|field 'to' is missing; it must be a name of 1 to 255"
            + " bytes without control characters, or a pid such as \"<1.42>\"",
        "{\"op\":\"call\",\"id\":1,\"to\":\"c\"}|field 'msg' is missing; it must be any JSON value",
        "{\"op\":\"call\",\"id\":1,\"to\":\"c\",\"msg\":1,\"timeout_ms\":-1}|field 'timeout_ms' must"
            + " be a whole number of milliseconds, 0 or more, or \"infinity\"; it is -1",
        "{\"op\":\"call\",\"id\":1,\"to\":\"c\",\"msg\":1,\"timeout_ms\":\"5s\"}|field 'timeout_ms' must"
            + " be a whole number of milliseconds, 0 or more, or \"infinity\"; it is the string \"5s\"",
        "{\"op\":\"call\",\"id\":1,\"to\":\"c\",\"msg\":1,\"meta\":{\"a\":1}}|field 'meta.a' must be a"
            + " string; it is 1",
        "{\"op\":\"call\",\"id\":1,\"to\":\"c\",\"msg\":1,\"meta\":[]}|field 'meta' must be an object of"
            + " strings; it is an array",
        "{\"op\":\"hello\",\"id\":1,\"versions\":1}|field 'versions' must be an array of integers; it"
            + " is 1",
        "{\"op\":\"hello\",\"id\":1,\"versions\":[1],\"client\":{\"lang\":{}}}|field 'client.lang' must"
            + " be a string; it is an object",
        "{\"op\":\"demonitor\",\"id\":1,\"ref\":5}|field 'ref' must be a string; it is 5",
      })
  void wrongFieldIsNamedWithWhatIsWanted(String json, String message) {
    var refused = refused(json);

    assertThat(refused).hasMessage(message);
    assertThat(refused.error().code()).isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(refused.error().executed()).isEqualTo(Executed.NO);
    assertThat(refused.error().details()).containsKeys("field", "wanted", "got");
  }

  @Test
  void unknownOpIsAnsweredWithTheOnesThatAreKnown() {
    var refused = refused("{\"op\":\"dance\",\"id\":\"x\"}");

    assertThat(refused)
        .hasMessage(
            "there is no op 'dance'; this daemon knows call, cast, cancel, ping, hello, monitor,"
                + " demonitor");
    assertThat(refused.toAnswer().id()).isEqualTo(RequestId.of("x"));
    assertThat(refused.error().code()).isEqualTo(ErrorCode.UNKNOWN_OP);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"op\":\"call\",\"id\":7,\"to\":3,\"msg\":1}",
        "{\"op\":5,\"id\":7}",
        "{\"to\":3,\"id\":7}",
        "{\"op\":\"call\",\"timeout_ms\":null,\"to\":\"c\",\"msg\":1,\"id\":7}",
        "{\"op\":\"hello\",\"versions\":[1],\"client\":{\"name\":1},\"id\":7}",
        "{\"id\":7,\"op\":\"call\",\"to\":\"c\",\"msg\":{]}",
        "{\"id\":7,\"op\":\"call\",\"to\":\"c\",\"msg\":1",
        "{\"id\":7,\"op\":\"ping\"} {}",
      })
  void idIsEchoedHoweverWrongTheRestIs(String json) {
    assertThat(refused(json).id()).isEqualTo(RequestId.of(7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "-0",
        "1.0",
        "1e2",
        "9007199254740992",
        "99999999999999999999",
        "null",
        "true",
        "[]",
        "{}"
      })
  void idIsAnIntegerOrAString(String id) {
    var refused = refused("{\"op\":\"ping\",\"id\":" + id + "}");

    assertThat(refused).hasMessageStartingWith("field 'id' must be an integer from 0 to 2^53-1");
    assertThat(refused.id()).isNull();
  }

  @Test
  void idHasAtMost64BytesAfterUnescaping() {
    var longest = "\\u00e9".repeat(32);

    assertThat(decode("{\"op\":\"ping\",\"id\":\"" + longest + "\"}").id())
        .isEqualTo(RequestId.of("é".repeat(32)));
    assertThat(refused("{\"op\":\"ping\",\"id\":\"" + longest + "a\"}").id()).isNull();
    assertThat(decode("{\"op\":\"ping\",\"id\":9007199254740991}").id())
        .isEqualTo(RequestId.of(RequestId.MAX_NUMBER));
  }

  @Test
  void targetIsANameOrAPid() {
    for (var valid : List.of("a", "é".repeat(127), "a".repeat(255), "<1.42>", "a<b", "sys.node")) {
      assertThat(Target.isValid(valid)).as(valid).isTrue();
    }
    for (var invalid :
        List.of(
            "",
            "a".repeat(256),
            "é".repeat(128),
            "a\nb",
            "\u007f",
            "<",
            "<1>",
            "<1.>",
            "<.1>",
            "<1.2",
            "<1.2>3",
            "<a.b>",
            "<-1.2>",
            "<1.2.3>",
            "<1.1234567890123456789>")) {
      assertThat(Target.isValid(invalid)).as(invalid).isFalse();
    }
  }

  private static ClientMessage decode(String json) {
    byte[] bytes = ("??" + json + "?").getBytes(UTF_8);
    return ClientMessages.decode(bytes, 2, bytes.length - 3);
  }

  private static BadRequestException refused(String json) {
    return catchThrowableOfType(BadRequestException.class, () -> decode(json));
  }
}
