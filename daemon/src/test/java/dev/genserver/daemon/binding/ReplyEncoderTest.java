package dev.genserver.daemon.binding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Secret;
import dev.genserver.sdk.Timeouts;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.CharBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReplyEncoderTest {

  private static final int LIMIT = 1 << 20;

  record Total(long total, Optional<String> note) {}

  record Broken(int n) {
    @Override
    public int n() {
      throw new IllegalStateException("no n today");
    }
  }

  sealed interface Answer {
    record FoundIt(int at) implements Answer {}

    record Odd(String type) implements Answer {}
  }

  static Stream<Arguments> repliesAndTheirJson() {
    return Stream.of(
        Arguments.of(null, "null"),
        Arguments.of(1L, "1"),
        Arguments.of(-2, "-2"),
        Arguments.of((short) 3, "3"),
        Arguments.of((byte) 4, "4"),
        Arguments.of(1.5, "1.5"),
        Arguments.of(2.5f, "2.5"),
        Arguments.of(true, "true"),
        Arguments.of(new BigInteger("123456789012345678901"), "123456789012345678901"),
        Arguments.of(new BigDecimal("0.10"), "0.10"),
        Arguments.of("plain", "'plain'"),
        Arguments.of("", "''"),
        Arguments.of("ü☃😀", "'ü☃😀'"),
        Arguments.of("line\n\"quoted\"\\", "'line\\n\\'quoted\\'\\\\'"),
        Arguments.of("half a pair \ud800", "'half a pair \\uD800'"),
        Arguments.of('c', "'c'"),
        Arguments.of(CharBuffer.wrap("built"), "'built'"),
        Arguments.of(Shop.Color.DARK_BLUE, "'dark_blue'"),
        Arguments.of(Optional.of(1), "1"),
        Arguments.of(Optional.empty(), "null"),
        Arguments.of(new Total(3, Optional.of("x")), "{'total':3,'note':'x'}"),
        Arguments.of(new Total(3, Optional.empty()), "{'total':3,'note':null}"),
        Arguments.of(new Answer.FoundIt(7), "{'type':'found_it','at':7}"),
        Arguments.of(List.of(1, "a", List.of()), "[1,'a',[]]"),
        Arguments.of(Arrays.asList(1, null), "[1,null]"),
        Arguments.of(new int[] {1, 2}, "[1,2]"),
        Arguments.of(new Object[] {1, "a"}, "[1,'a']"),
        Arguments.of(new byte[] {1, 2}, "'AQI='"),
        Arguments.of(Map.of("a", new Total(1, Optional.empty())), "{'a':{'total':1,'note':null}}"),
        Arguments.of(Map.of(Shop.Color.RED, 1), "{'red':1}"),
        Arguments.of(Map.of(7, 1), "{'7':1}"),
        Arguments.of(Secret.of("hunter2"), "'***'"),
        Arguments.of(Map.of("key", Optional.of(Secret.of("hunter2"))), "{'key':'***'}"),
        Arguments.of(Duration.ofMillis(1500), "1500"),
        Arguments.of(Duration.ofNanos(1_500_000), "1.500000"),
        Arguments.of(Timeouts.INFINITY, "'infinity'"),
        Arguments.of(Instant.parse("2026-01-31T12:00:00Z"), "'2026-01-31T12:00:00Z'"),
        Arguments.of(new Pid(1, 42), "'<1.42>'"),
        Arguments.of(ExitReason.NORMAL, "'normal'"),
        Arguments.of(ExitReason.shutdown("x"), "'{shutdown, x}'"));
  }

  @ParameterizedTest
  @MethodSource("repliesAndTheirJson")
  void everyPlainValueHasItsJson(Object reply, String json) {
    assertThat(json(reply)).isEqualTo(json.replace('\'', '"'));
  }

  @Test
  void mapsKeepTheirOrder() {
    var map = new LinkedHashMap<String, Integer>();
    map.put("z", 1);
    map.put("a", 2);
    assertThat(json(map)).isEqualTo("{\"z\":1,\"a\":2}");
  }

  @Test
  void aDurationReadsBackAsItWasWritten() {
    for (var time : List.of(Duration.ofNanos(1), Duration.ofDays(400_000), Duration.ofMillis(-1))) {
      var json =
          "{\"type\":\"times\",\"delay\":"
              + json(time)
              + ",\"at\":\"2026-01-31T12:00:00Z\",\"day\":\"2026-01-31\"}";
      var bytes = json.getBytes(UTF_8);
      var back = (Shop.Call.Times) Binding.of(Shop.class).decodeCall(bytes, 0, bytes.length);
      assertThat(back.delay()).isEqualTo(time);
    }
  }

  @Test
  void aValueWithoutJsonIsNamedWithItsPlace() {
    assertUnencodable(new Object(), "the reply cannot become JSON: no JSON is known for");
    assertUnencodable(
        Map.of("items", List.of(1, Thread.currentThread())),
        "the reply at 'items[1]' cannot become JSON: no JSON is known for java.lang.Thread; reply"
            + " records, enums, strings, numbers, booleans, lists and maps");
    assertUnencodable(Double.NaN, "no JSON is known for the number NaN");
    assertUnencodable(Float.POSITIVE_INFINITY, "no JSON is known for the number Infinity");
    assertUnencodable(
        Map.of(List.of(), 1), "a map has keys of java.util.ImmutableCollections$List");
    assertUnencodable(new Answer.Odd("x"), "Odd.type has the name of the field");
  }

  @Test
  void anAccessorThatThrowsIsToldWithItsCause() {
    assertThatThrownBy(() -> json(List.of(new Broken(1))))
        .isInstanceOf(UnencodableReplyException.class)
        .hasMessageStartingWith(
            "the reply at '[0].n' cannot become JSON: its accessor threw"
                + " java.lang.IllegalStateException: no n today")
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void aReplyThatHoldsItselfIsRefused() {
    var endless = new ArrayList<Object>();
    endless.add(endless);
    assertUnencodable(endless, "depth");
  }

  @Test
  void aReplyMayBeAsLargeAsTheLimitAndNoLarger() {
    var text = "x".repeat(98);
    assertThat(ReplyEncoder.encode(text, 100)).hasSize(100);
    assertTooLarge(text, 99);
    assertThat(ReplyEncoder.encode(List.of(text), 102)).hasSize(102);
    assertTooLarge(List.of(text), 101);
  }

  @Test
  void aHugeReplyStopsAtTheLimit() {
    var huge = Collections.nCopies(Integer.MAX_VALUE, "x".repeat(1000));
    assertTooLarge(huge, LIMIT);
  }

  private static void assertUnencodable(Object reply, String message) {
    assertThatThrownBy(() -> json(reply))
        .as("%s", message)
        .isInstanceOf(UnencodableReplyException.class)
        .hasMessageContaining(message);
  }

  private static void assertTooLarge(Object reply, int limit) {
    assertThatThrownBy(() -> ReplyEncoder.encode(reply, limit))
        .isInstanceOf(ReplyTooLargeException.class)
        .hasMessage("the reply is larger than %,d bytes".formatted(limit));
  }

  private static String json(Object reply) {
    return new String(ReplyEncoder.encode(reply, LIMIT), UTF_8);
  }
}
