package dev.genserver.daemon.binding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A schema tells what the binding takes. The verdicts on schemas are those of another project's
/// validator; `-Dseed=17` runs one seed again.
class SchemaTest {

  private static final SchemaRegistry VALIDATORS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final Binding shop = Binding.of(Shop.class);
  private final Schema calls = validator(shop, "calls");
  private final Schema casts = validator(shop, "casts");

  private static Schema validator(Binding binding, String messages) {
    var document = binding.schema().get(messages);
    var json = new String(ReplyEncoder.encode(document, 1 << 20), UTF_8);
    return VALIDATORS.getSchema(json, InputFormat.JSON);
  }

  private static boolean allows(Schema schema, String json) {
    return schema
        .validate(
            JSON.readTree(json),
            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
        .isEmpty();
  }

  private boolean takesCall(String json) {
    var bytes = json.getBytes(UTF_8);
    try {
      shop.decodeCall(bytes, 0, bytes.length);
      return true;
    } catch (BadMessageException _) {
      return false;
    }
  }

  private boolean takesCast(String json) {
    var bytes = json.getBytes(UTF_8);
    try {
      shop.decodeCast(bytes, 0, bytes.length);
      return true;
    } catch (BadMessageException _) {
      return false;
    }
  }

  @TestFactory
  Stream<DynamicTest> schemaAndBindingAgreeOnAnyMessage() {
    var fixed = Long.getLong("seed");
    var seeds = fixed == null ? LongStream.range(0, 300) : LongStream.of(fixed);
    return seeds.mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> check(seed)));
  }

  private void check(long seed) {
    var messages = new NearMessages(seed);
    var taken = 0;
    for (var i = 0; i < 50; i++) {
      var json = messages.next();
      var takes = takesCall(json);
      assertThat(allows(calls, json)).as(json).isEqualTo(takes);
      taken += takes ? 1 : 0;
    }
    assertThat(taken).as("messages that are taken, of 50").isBetween(5, 45);
  }

  @Test
  void aFamilyIsOneOfItsRecordsOrTheBareNameOfOneThatNeedsNoFields() {
    assertThat(shop.schema().get("casts"))
        .isEqualTo(
            Map.of(
                "$schema",
                "https://json-schema.org/draft/2020-12/schema",
                "oneOf",
                List.of(
                    Map.of("enum", List.of("clear")),
                    object(
                        Map.of(
                            "type",
                            Map.of("const", "add"),
                            "by",
                            Map.of(
                                "type", "integer",
                                "minimum", (long) Integer.MIN_VALUE,
                                "maximum", (long) Integer.MAX_VALUE)),
                        "type",
                        "by"),
                    object(Map.of("type", Map.of("const", "clear")), "type"),
                    object(
                        Map.of("type", Map.of("const", "silent"), "text", Map.of("type", "string")),
                        "type",
                        "text"))));
  }

  private static Map<String, Object> object(Map<String, Object> properties, String... required) {
    return Map.of(
        "type",
        "object",
        "properties",
        properties,
        "required",
        List.of(required),
        "additionalProperties",
        false);
  }

  @Test
  void whatHoldsItselfIsDefinedOnceAndReferredTo() {
    var definitions = (Map<?, ?>) ((Map<?, ?>) shop.schema().get("calls")).get("$defs");

    assertThat(definitions.get("tree"))
        .isEqualTo(
            object(
                Map.of(
                    "name",
                    Map.of("type", "string"),
                    "children",
                    Map.of("type", "array", "items", Map.of("$ref", "#/$defs/tree"))),
                "name",
                "children"));
  }

  @Test
  void recordsOfOneNameAreToldApart() {
    var binding = Binding.of(Twins.class);
    var schema = validator(binding, "calls");

    assertThat(allows(schema, "{\"type\":\"both\",\"a\":{\"x\":1},\"b\":{\"y\":1}}")).isTrue();
    assertThat(allows(schema, "{\"type\":\"both\",\"a\":{\"y\":1},\"b\":{\"x\":1}}")).isFalse();
    assertThat(allows(validator(binding, "casts"), "\"anything\"")).isFalse();
  }

  /// Takes two records of one name, and no casts.
  static final class Twins extends GenServer<Long, Twins.Both, Void> {

    record Both(Left.Part a, Right.Part b) {}

    static final class Left {
      record Part(int x) {}
    }

    static final class Right {
      record Part(int y) {}
    }

    @Override
    public Init<Long> init(Args args) {
      return ok(0L);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"wrap\",\"box\":{\"content\":[1.0]}}",
        "{\"type\":\"paint\",\"color\":\"red\",\"shape\":{\"type\":\"circle\",\"radius\":9007199254740993}}"
      })
  void whatASchemaCannotSayIsRefusedByTheBindingAlone(String json) {
    assertThat(takesCall(json)).isFalse();
    assertThat(allows(calls, json)).isTrue();
  }

  @Test
  void aRecordMayRefuseItsFieldsBesides() {
    var json = "{\"type\":\"add\",\"by\":-1}";

    assertThat(allows(casts, json)).isTrue();
    assertThat(takesCast(json)).isFalse();
    assertThat(takesCast("{\"type\":\"add\",\"by\":1}")).isTrue();
  }
}
