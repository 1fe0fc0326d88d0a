package dev.genserver.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonWriterTest {

  private final JsonWriter out = new JsonWriter();

  @Test
  void plainDataOfEveryKindIsWritten() {
    var map = new LinkedHashMap<String, Object>();
    map.put("text", "a");
    map.put("list", List.of(1, 2L, (short) 3, List.of(), "x"));
    map.put("big", new BigInteger("123456789012345678901234567890"));
    map.put("exact", new BigDecimal("1.10"));
    map.put("real", 0.5);
    map.put("yes", true);
    map.put("none", null);
    map.put("raw", RawJson.of("{\"a\":[ ]}"));
    map.put("other", Duration.ofSeconds(2));

    assertThat(out.value(map))
        .hasToString(
            "{\"text\":\"a\",\"list\":[1,2,3,[],\"x\"],\"big\":123456789012345678901234567890,"
                + "\"exact\":1.10,\"real\":0.5,\"yes\":true,\"none\":null,\"raw\":{\"a\":[ ]},"
                + "\"other\":\"PT2S\"}");
  }

  @Test
  void numbersThatJsonDoesNotHaveAreWrittenAsText() {
    assertThat(out.value(List.of(Double.NaN, Float.NEGATIVE_INFINITY)))
        .hasToString("[\"NaN\",\"-Infinity\"]");
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        9,
        10,
        99,
        100,
        -1,
        -10,
        999_999_999_999_999_999L,
        Long.MAX_VALUE,
        Long.MIN_VALUE
      })
  void wholeNumbersAreWrittenExactly(long value) {
    assertThat(out.number(value)).hasToString(Long.toString(value));
  }

  @Test
  void whatMustBeEscapedIsEscaped() {
    assertThat(out.string("\"\\\b\f\n\r\t\u0000\u001f/\u007f"))
        .hasToString("\"\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f/\u007f\"");
  }

  @Test
  void textIsWrittenInUtf8WhateverItsLengthAndTheBuffers() {
    for (var text : List.of("é", "☃", "😀", "aé☃😀z", "\n")) {
      for (int count = 0; count < 40; count++) {
        var repeated = text.repeat(count) + "a".repeat(count);
        assertThat(RawJson.of(new JsonWriter(16).string(repeated).toString()).toValue())
            .isEqualTo(repeated);
      }
    }
  }

  @Test
  void halfASurrogatePairIsReplaced() {
    assertThat(out.string("a\ud83db\ude00")).hasToString("\"a\ufffdb\ufffd\"");
  }

  @Test
  void frameHasItsLengthInFrontWhateverStoodThereBefore() {
    out.string("x".repeat(300)).reset();
    out.string("before");
    int start = out.beginFrame();
    new ClientMessage.Ping(null).writeTo(out);

    assertThat(out.endFrame(start)).isEqualTo(13);
    assertThat(Arrays.copyOfRange(out.array(), start, out.length()))
        .isEqualTo("\0\0\0\15{\"op\":\"ping\"}".getBytes(UTF_8));
  }

  @Test
  void framesFollowEachOtherWithNothingBetween() {
    for (int i = 0; i < 2; i++) {
      int start = out.beginFrame();
      ServerMessages.beginReply(out, RequestId.of(i));
      out.value(i);
      ServerMessages.endReply(out);
      out.endFrame(start);
    }
    assertThat(out)
        .hasToString(
            "\0\0\0\40{\"op\":\"reply\",\"id\":0,\"result\":0}"
                + "\0\0\0\40{\"op\":\"reply\",\"id\":1,\"result\":1}");
  }

  @Test
  void lineHasNoBreaksWithinIt() {
    for (int i = 0; i < 2; i++) {
      int start = out.length();
      new ServerMessage.Reply(RequestId.of(i), RawJson.of("[\"\\n\",\r\n\n2]")).writeTo(out);
      out.endLine(start);
    }
    assertThat(out)
        .hasToString(
            """
            {"op":"reply","id":0,"result":["\\n",   2]}
            {"op":"reply","id":1,"result":["\\n",   2]}
            """);
  }

  @Test
  void otherLibrariesWriteIntoItThroughAStream() throws IOException {
    ServerMessages.beginReply(out, RequestId.of("a"));
    try (var stream = out.asOutputStream()) {
      stream.write("[1".getBytes(UTF_8));
      stream.write(']');
    }
    ServerMessages.endReply(out);

    assertThat(out).hasToString("{\"op\":\"reply\",\"id\":\"a\",\"result\":[1]}");
  }

  @Test
  void truncateTakesBackWhatWasWritten() {
    out.beginObject().field("a").number(1);
    int length = out.length();
    out.field("b").string("x".repeat(1000));
    out.truncate(length);

    assertThat(out.endObject()).hasToString("{\"a\":1}");
  }

  @Test
  void resetKeepsASmallArrayAndLetsALargeOneGo() {
    byte[] small = out.string("x").array();
    out.reset();
    assertThat(out.array()).isSameAs(small);

    out.string("x".repeat(1 << 20)).reset();
    assertThat(out.array()).hasSizeLessThan(1024);
    assertThat(out.length()).isZero();
  }
}
