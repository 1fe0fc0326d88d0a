package dev.genserver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.protocol.Executed;
import dev.genserver.protocol.RawJson;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MessageCodecTest {

  sealed interface Shape {
    record Circle(long radius) implements Shape {}

    record EmptyOne() implements Shape {}

    sealed interface Angled extends Shape {
      record HTTPBox(Point at, List<Shape> inside) implements Angled {}
    }
  }

  record Point(int x, int y) {}

  record Move(Point to, Shape what) {}

  record Nothing() {}

  record Tagged(String type, int n) {}

  record Kept(RawJson json, Duration time, Colour colour, Optional<String> note) {}

  enum Colour {
    DARK_RED
  }

  record Unwritable(List<Integer> list) {
    @Override
    public List<Integer> list() {
      return list.stream().map(i -> 1 / i).toList();
    }
  }

  @Test
  void recordOfASealedFamilyIsTaggedAtAnyDepth() {
    assertThat(encode(new Shape.Circle(3))).isEqualTo("{\"type\":\"circle\",\"radius\":3}");
    assertThat(encode(new Shape.EmptyOne())).isEqualTo("{\"type\":\"empty_one\"}");
    assertThat(encode(new Shape.Angled.HTTPBox(new Point(1, 2), List.of(new Shape.Circle(3)))))
        .isEqualTo(
            "{\"type\":\"http_box\",\"at\":{\"x\":1,\"y\":2},\"inside\":[{\"type\":\"circle\","
                + "\"radius\":3}]}");
  }

  @Test
  void plainRecordIsTaggedAsTheMessageButNotWithinIt() {
    assertThat(encode(new Point(1, 2))).isEqualTo("{\"type\":\"point\",\"x\":1,\"y\":2}");
    assertThat(encode(new Nothing())).isEqualTo("{\"type\":\"nothing\"}");
    assertThat(encode(new Move(new Point(1, 2), new Shape.Circle(3))))
        .isEqualTo(
            "{\"type\":\"move\",\"to\":{\"x\":1,\"y\":2},\"what\":{\"type\":\"circle\",\"radius\":3}}");
    assertThat(encode(List.of(new Point(1, 2)))).isEqualTo("[{\"x\":1,\"y\":2}]");
  }

  @Test
  void recordMayBringItsOwnTag() {
    assertThat(encode(new Tagged("add", 1))).isEqualTo("{\"type\":\"add\",\"n\":1}");
  }

  @Test
  void mapsStringsRawJsonAndTreesAreSentAsTheyAre() {
    assertThat(encode(Map.of("type", "get"))).isEqualTo("{\"type\":\"get\"}");
    assertThat(encode("get \"é\"")).isEqualTo("\"get \\\"é\\\"\"");
    assertThat(encode(RawJson.of("{ \"a\" : 1.0 }"))).isEqualTo("{ \"a\" : 1.0 }");
    assertThat(encode(JsonMapper.shared().readTree("{\"a\":[1]}"))).isEqualTo("{\"a\":[1]}");
    assertThat(encode(5)).isEqualTo("5");
    assertThat(encode(Arrays.asList(1, null))).isEqualTo("[1,null]");
  }

  @Test
  void durationsAreMillisecondsAndConstantsAreInLowerCase() {
    var kept =
        new Kept(RawJson.of("[1, 2]"), Duration.ofMillis(1500), Colour.DARK_RED, Optional.empty());
    var json =
        "{\"type\":\"kept\",\"json\":[1, 2],\"time\":1500,\"colour\":\"dark_red\",\"note\":null}";

    assertThat(encode(kept)).isEqualTo(json);
    assertThat(decode("{\"json\":[1,2],\"time\":1500,\"colour\":\"dark_red\"}", Kept.class))
        .isEqualTo(
            new Kept(
                RawJson.of("[1,2]"), Duration.ofMillis(1500), Colour.DARK_RED, Optional.empty()));
    assertThat(encode(Map.of("d", Duration.ofNanos(1_000_001)))).isEqualTo("{\"d\":1.000001}");
    assertThat(decode("1.000001", Duration.class)).isEqualTo(Duration.ofNanos(1_000_001));
    assertThat(encode(Map.of("d", Duration.ofMillis(-1500)))).isEqualTo("{\"d\":-1500}");
    assertThat(decode("-1500", Duration.class)).isEqualTo(Duration.ofMillis(-1500));
  }

  @Test
  void messageThatCannotBeWrittenIsTheCallersMistake() {
    assertThatThrownBy(() -> encode(new Unwritable(List.of(0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a message of dev.genserver.client.MessageCodecTest$Unwritable")
        .hasMessageContaining("/ by zero");
  }

  @Test
  void repliesBecomeWhatIsAskedFor() {
    assertThat(decode("3", Long.class)).isEqualTo(3L);
    assertThat(decode("3", int.class)).isEqualTo(3);
    assertThat(decode("\"a\"", String.class)).isEqualTo("a");
    assertThat(decode("true", Boolean.class)).isEqualTo(true);
    assertThat(decode("{\"x\":1,\"y\":2}", Point.class)).isEqualTo(new Point(1, 2));
    assertThat(decode("{\"a\":[1]}", Map.class)).isEqualTo(Map.of("a", List.of(1)));
    assertThat(decode("{ \"a\":1}", RawJson.class)).hasToString("{ \"a\":1}");
    assertThat(decode("[1]", JsonNode.class)).isEqualTo(JsonMapper.shared().readTree("[1]"));
    assertThat(decode("[{\"x\":1,\"y\":2}]", new TypeReference<List<Point>>() {}.getType()))
        .isEqualTo(List.of(new Point(1, 2)));
    assertThat(decode("null", Point.class)).isNull();
  }

  @Test
  void repliesOfASealedFamilyAreToldApartByTheirTagWhereverItStands() {
    assertThat(decode("{\"radius\":3,\"type\":\"circle\"}", Shape.class))
        .isEqualTo(new Shape.Circle(3));
    assertThat(decode("{\"type\":\"circle\",\"radius\":3}", Shape.Circle.class))
        .isEqualTo(new Shape.Circle(3));
    assertThat(
            decode(
                "{\"type\":\"http_box\",\"at\":{\"x\":1,\"y\":2},\"inside\":[{\"type\":\"empty_one\"}]}",
                Shape.class))
        .isEqualTo(new Shape.Angled.HTTPBox(new Point(1, 2), List.of(new Shape.EmptyOne())));
  }

  @Test
  void fieldsOfANewerServerAreIgnored() {
    assertThat(decode("{\"type\":\"point\",\"x\":1,\"y\":2,\"z\":3}", Point.class))
        .isEqualTo(new Point(1, 2));
  }

  @Test
  void replyOfAnotherTypeIsRefusedAndNotGuessedAt() {
    for (var reply : List.of("\"3\"", "3.7", "9223372036854775808", "[]", "{}", "true")) {
      assertThatThrownBy(() -> decode(reply, Long.class))
          .as(reply)
          .isInstanceOfSatisfying(
              BadReplyException.class,
              e -> {
                assertThat(e.executed()).isEqualTo(Executed.YES);
                assertThat(e.reply()).hasToString(reply);
              })
          .hasMessageStartingWith(
              "call to 'c' failed: bad_message, the reply " + reply + " is no java.lang.Long");
    }
    assertThatThrownBy(() -> decode("{\"type\":\"oval\"}", Shape.class))
        .isInstanceOf(BadReplyException.class);
  }

  private static String encode(Object message) {
    return MessageCodec.encode(message).toString();
  }

  private static Object decode(String reply, Type type) {
    return MessageCodec.decode("call to 'c'", RawJson.of(reply), MessageCodec.type(type));
  }
}
