package dev.genserver.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScannerTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "-1.5e+10",
        "1E9",
        "\"\"",
        "true",
        "false",
        "null",
        "[]",
        "{}",
        "[[],{}]",
        "{\"\":{\"\":[1,2,3]}}",
        "\"\\u0000\\ud83d\\ude00\"",
        "\"\u007f\u2028\"",
        "123456789012345678901234567890"
      })
  void validTextIsKeptAsItIs(String json) {
    assertThat(RawJson.of(" \t\r\n" + json + " ").toString()).isEqualTo(json);
  }

  @Test
  void whereAndWhatIsWrongIsSaid() {
    assertThatThrownBy(() -> RawJson.of("[1, 2"))
        .isInstanceOfSatisfying(
            MalformedJsonException.class, e -> assertThat(e.offset()).isEqualTo(5))
        .hasMessage("malformed JSON at byte 5: ',' or ']' was expected, found the end");
  }

  @Test
  void halfASurrogatePairInJavaTextIsRefusedAndNotReplaced() {
    assertThatThrownBy(() -> RawJson.of("\"é\ud83d\""))
        .hasMessage("malformed JSON at byte 3: a string holds one half of a surrogate pair");
    assertThat(RawJson.of("\"\ud83d\ude00\"").toValue()).isEqualTo("\ud83d\ude00");
  }

  @Test
  void objectsAndArraysTogetherNestAtMost64Deep() {
    assertThat(RawJson.of("{\"a\":[".repeat(32) + "]}".repeat(32)).toString()).hasSize(32 * 8);
    assertThatThrownBy(() -> RawJson.of("[" + "{\"a\":[".repeat(32) + "]}".repeat(32) + "]"))
        .hasMessageContaining("nested deeper than 64");
    assertThatThrownBy(() -> RawJson.of("[".repeat(1_000_000)))
        .hasMessageContaining("nested deeper than 64");
  }

  @Test
  void depthIsGivenBackWhenAnObjectOrArrayEnds() {
    assertThat(RawJson.of("[" + "[{}],".repeat(100) + "{\"a\":[]}]").toValue())
        .isInstanceOf(List.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 6, 7, 16, 17, 18, 100})
  void duplicateKeyIsFoundAmongAnyNumberOfKeys(int count) {
    var keys = IntStream.range(0, count).mapToObj(i -> "\"k" + i + "\":" + i).toList();
    var unique = "{" + String.join(",", keys) + "}";
    assertThat(RawJson.of(unique).toValue())
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .hasSize(count);

    for (var again : List.of("\"k0\"", "\"k" + (count - 1) + "\"", "\"\\u006b0\"")) {
      assertThatThrownBy(() -> RawJson.of("{" + String.join(",", keys) + "," + again + ":0}"))
          .hasMessageContaining("an object has this key twice");
    }
  }

  @Test
  @Timeout(20)
  void manyKeysInOneObjectTakeNoMoreThanLinearTime() {
    var keys = IntStream.range(0, 100_000).mapToObj(i -> "\"key" + i + "\":0");
    assertThat(RawJson.of(object(keys)).length()).isGreaterThan(1_000_000);
  }

  @Test
  @Timeout(20)
  void keysThatAreMadeToCollideDoNotSlowItDown() {
    // All of them have the same hash code.
    List<String> keys = List.of("");
    for (int i = 0; i < 16; i++) {
      keys = keys.stream().flatMap(key -> Stream.of(key + "Aa", key + "BB")).toList();
    }
    assertThat(keys)
        .hasSize(65_536)
        .extracting(String::hashCode)
        .containsOnly(keys.get(0).hashCode());

    var object = object(keys.stream().map(key -> "\"" + key + "\":0"));
    assertThat(RawJson.of(object).length()).isEqualTo(object.length());
  }

  @Test
  void everyTextCutShortIsRefused() {
    byte[] text = "{\"a\":[1.5e3,true,null,\"\\u00e9\\n\"],\"b\":{\"c\":-0}}".getBytes(UTF_8);
    for (int length = 0; length < text.length; length++) {
      byte[] cut = Arrays.copyOf(text, length);
      assertThatThrownBy(() -> RawJson.of(cut, 0, cut.length))
          .isInstanceOf(MalformedJsonException.class);
    }
  }

  @Test
  void valuesAreReadExactly() {
    var values =
        new ArrayList<Object>(
            List.of(
                1L,
                -9223372036854775808L,
                new BigInteger("9223372036854775808"),
                new BigDecimal("1.10"),
                new BigDecimal("1e400"),
                "1e99999999999",
                true,
                "a\"\\/\b\f\n\r\té\ud83d\ude00",
                Map.of("x", List.of())));
    values.add(null);

    assertThat(
            RawJson.of(
                    """
                    [1,-9223372036854775808,9223372036854775808,1.10,1e400,1e99999999999,true,
                    "a\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00",{"x":[ ]},null]\
                    """)
                .toValue())
        .isEqualTo(values);
  }

  @Test
  void numberEndsWhereItsSliceEnds() {
    assertThat(new RawJson("1234".getBytes(UTF_8), 1, 2).toValue()).isEqualTo(23L);
  }

  private static String object(Stream<String> fields) {
    return fields.collect(Collectors.joining(",", "{", "}"));
  }
}
