package dev.genserver.daemon.binding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.genserver.sdk.Agent;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadMessageTest {

  private static final String KNOWN = "known types: add, clear, silent";

  @ParameterizedTest
  @CsvSource(
      delimiterString = " -> ",
      quoteCharacter = '`',
      value = {
        "'ad' -> type 'ad' is unknown, KNOWN; did you mean 'add'?",
        "{'type':'ad'} -> type 'ad' is unknown, KNOWN; did you mean 'add'?",
        "{'by':1,'type':'xyz'} -> type 'xyz' is unknown, KNOWN",
        "{'type':'Add','by':1} -> type 'Add' is unknown, KNOWN; did you mean 'add'?",
        "{} -> the field 'type' is missing or no string; KNOWN",
        "{'by':1} -> the field 'type' is missing or no string; KNOWN",
        "{'by':1,'type':2} -> the field 'type' is missing or no string; KNOWN",
        "{'type':2,'by':1} -> 'type' must be a string, is 2",
        "{'type':'clear','type':'add','by':1} -> 'clear' has one field 'type' too many",
        "{'by':1,'type':'add','type':'add'} -> 'add' has one field 'type' too many",
        "{'type':'add','by':1,'by':2} -> the field 'by' is there twice",
        "{'type':'add','bye':1} -> 'add' has no field 'bye', its fields: by; did you mean 'by'?",
        "{'type':'clear','x':1} -> 'clear' has no field 'x', its fields: it has none",
        "'add' -> 'add' lacks the field 'by' (integer)",
        "{'type':'add'} -> 'add' lacks the field 'by' (integer)",
        "3 -> it must be an object with a field 'type', or the type alone as a string; KNOWN, is 3",
        "null -> it must be an object with a field 'type', or the type alone as a string; KNOWN,"
            + " is null"
      })
  void aCastOfTheWrongFormIsRefusedByDecodeAndCheckAlike(String json, String message) {
    var expected = "cast refused: " + message.replace("KNOWN", KNOWN);
    assertThat(refusedCast(json).problem().message()).isEqualTo(expected);
    var bytes = bytes(json);
    assertThat(Binding.of(Shop.class).checkCast(bytes, 0, bytes.length).orElseThrow().message())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " -> ",
      quoteCharacter = '`',
      value = {
        "'x' -> an integer from -2147483648 to 2147483647, is the string \"x\"",
        "'1' -> an integer from -2147483648 to 2147483647, is the string \"1\"",
        "1.5 -> an integer from -2147483648 to 2147483647, is 1.5",
        "1.0 -> an integer from -2147483648 to 2147483647, is 1.0",
        "2147483648 -> an integer from -2147483648 to 2147483647, is 2147483648",
        "99999999999999999999 -> an integer from -2147483648 to 2147483647, is"
            + " 99999999999999999999",
        "null -> an integer from -2147483648 to 2147483647, is null",
        "true -> an integer from -2147483648 to 2147483647, is true",
        "[] -> an integer from -2147483648 to 2147483647, is a list",
        "{'a':1} -> an integer from -2147483648 to 2147483647, is an object"
      })
  void anIntegerFieldTakesOnlyIntegersInRange(String value, String wanted) {
    assertThat(refusedCast("{'type':'add','by':" + value + "}").problem().message())
        .isEqualTo("cast refused: 'by' must be " + wanted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " -> ",
      quoteCharacter = '`',
      value = {
        "{'type':'boxed','i':1,'yes':1,'c':'x'} -> 'yes' must be true or false, is 1",
        "{'type':'boxed','i':1,'yes':true,'c':'xy'} -> 'c' must be a string of one character, is"
            + " the string \"xy\"",
        "{'type':'reset','why':1} -> 'why' must be a string, is 1",
        "{'type':'reset','why':null} -> 'why' must be a string, is null",
        "{'type':'free','any':null} -> 'any' must be any JSON but null, is null",
        "{'type':'free','any':{'a':1,'a':2}} -> the field 'a' is there twice (at 'any')",
        "{'type':'paint','color':'green','shape':'dot'} -> 'color' must be \"red\" | \"dark_blue\","
            + " is the string \"green\"",
        "{'type':'paint','color':1,'shape':'dot'} -> 'color' must be \"red\" | \"dark_blue\", is 1",
        "{'type':'paint','color':'red','shape':{'type':'circel'}} -> type 'circel' is unknown,"
            + " known types: circle, dot (at 'shape'); did you mean 'circle'?",
        "{'type':'paint','color':'red','shape':{'type':'circle'}} -> 'circle' lacks the field"
            + " 'radius' (number) (at 'shape')",
        "{'type':'paint','color':'red','shape':{'type':'circle','radius':1e999}} ->"
            + " 'shape.radius' must be a number of at most 1.7976931348623157E308, is 1e999",
        "{'type':'paint','color':'red','shape':{'type':'circle','radius':9007199254740993}} ->"
            + " 'shape.radius' must be a number that fits 64 bits without rounding, is"
            + " 9007199254740993",
        "{'type':'many','items':[{'sku':'a','count':1},{'sku':2}]} -> 'items[1].sku' must be a"
            + " string, is 2",
        "{'type':'many','items':[{'sku':'a','count':1},{'sku':'b'}]} -> 'item' lacks the field"
            + " 'count' (integer) (at 'items[1]')",
        "{'type':'many','items':[{'sku':'a','skew':1}]} -> 'item' has no field 'skew', its fields:"
            + " sku, count (at 'items[0]')",
        "{'type':'many','items':[null]} -> 'items[0]' must be {sku: string, count: integer}, is"
            + " null",
        "{'type':'many','items':{}} -> 'items' must be a list, is an object",
        "{'type':'many','counts':[]} -> 'counts' must be an object, is a list",
        "{'type':'many','counts':{'a':1,'a':2}} -> the field 'a' is there twice (at 'counts')",
        "{'type':'many','counts':{'a':null}} -> 'counts.a' must be an integer from -2147483648 to"
            + " 2147483647, is null",
        "{'type':'times','delay':'soon'} -> 'delay' must be milliseconds, or a time such as"
            + " \"250ms\", \"2s\" or \"PT2.5S\", is the string \"soon\"",
        "{'type':'times','delay':1e999999999} -> 'delay' must be milliseconds, or a time such as"
            + " \"250ms\", \"2s\" or \"PT2.5S\", is 1e999999999",
        "{'type':'times','delay':-9223372036854775808000.5} -> 'delay' must be milliseconds, or a"
            + " time such as \"250ms\", \"2s\" or \"PT2.5S\", is -9223372036854775808000.5",
        "{'type':'times','at':'noon'} -> 'at' must be an instant such as \"2026-01-31T12:00:00Z\","
            + " is the string \"noon\"",
        "{'type':'texts','pid':'1.42'} -> 'pid' must be a pid such as \"<1.42>\", is the string"
            + " \"1.42\"",
        "{'type':'texts','bytes':'?'} -> 'bytes' must be a string in base64, is the string \"?\""
      })
  void aFieldOfTheWrongKindIsRefusedWithItsPlace(String json, String message) {
    assertThat(refusedCall(json).problem().message()).isEqualTo("call refused: " + message);
  }

  @Test
  void aConstructorThatThrowsRefusesTheMessageInItsOwnWords() {
    assertThat(refusedCast("{'type':'add','by':-3}"))
        .hasMessage("cast refused: 'add' is refused: by must be 0 or more, is -3");
    assertThat(refusedCast("{'type':'silent','text':'x'}"))
        .hasMessage("cast refused: 'silent' is refused: IllegalStateException");
  }

  @Test
  void theDetailsListTheKnownTypesAndTheNearestOne() {
    assertThat(refusedCast("'claer'").problem().details())
        .isEqualTo(
            Map.of(
                "types",
                Map.of(
                    "add", Map.of("by", "integer"),
                    "clear", Map.of(),
                    "silent", Map.of("text", "string")),
                "did_you_mean",
                "clear"));
    assertThat(refusedCast("3").problem().details()).containsOnlyKeys("types");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "{'type':'clear'", "{'type':'clear'}}", "'clear' 1", "{'a'}", "nul"})
  void whatIsNoJsonIsRefused(String json) {
    assertThat(refusedCast(json)).hasMessageStartingWith("cast refused: ");
    var bytes = bytes(json);
    assertThat(Binding.of(Shop.class).checkCast(bytes, 0, bytes.length)).isPresent();
  }

  @Test
  void invalidUtf8IsRefused() {
    var json = bytes("{'type':'silent','text':'x'}");
    json[json.length - 3] = (byte) 0xC0;
    assertThat(
            catchThrowableOfType(
                BadMessageException.class,
                () -> Binding.of(Shop.class).decodeCast(json, 0, json.length)))
        .hasMessageContaining("UTF-8");
  }

  @Test
  void nestingBeyondTheLimitOfTheWireIsRefused() {
    var deep = "[".repeat(70) + "]".repeat(70);
    assertThat(refusedCall("{'type':'free','any':" + deep + "}")).hasMessageContaining("depth");
  }

  @Test
  void aLongTextIsCutInTheAnswer() {
    var text = "😀".repeat(100_000);
    assertThat(refusedCast("'" + text + "'").getMessage()).hasSizeLessThan(200).contains("😀…'");
    assertThat(refusedCast("{'type':'clear','" + text + "':1}").getMessage()).hasSizeLessThan(200);
    assertThat(refusedCall("{'type':'many','counts':{'" + text + "':'" + text + "'}}").getMessage())
        .hasSizeLessThan(300);
  }

  @Test
  void aRefusalIsCheap() {
    assertThat(refusedCast("'x'").getStackTrace()).isEmpty();
  }

  static final class CallsOnly extends GenServer<Long, String, Void> {
    @Override
    public Init<Long> init(Args args) {
      return ok(0L);
    }
  }

  @Test
  void aServerOfVoidTakesNothing() {
    var json = bytes("'x'");
    assertThat(Binding.of(CallsOnly.class).decodeCall(json, 0, json.length)).isEqualTo("x");
    assertThat(Binding.of(CallsOnly.class).checkCast(json, 0, json.length).orElseThrow().message())
        .isEqualTo("cast refused: type 'x' is unknown, none is taken");
  }

  @Test
  void anAgentTakesNothing() {
    var agent = Agent.server(() -> 1).getClass();
    assertThat(refused(agent, "{'type':'get'}"))
        .hasMessage("call refused: type 'get' is unknown, none is taken");
    var json = bytes("'reset'");
    assertThat(Binding.of(agent).checkCast(json, 0, json.length)).isPresent();
  }

  @Test
  void aServerOfPlainDataRefusesOtherData() {
    for (var json : List.of("1", "null", "{}")) {
      assertThat(refused(CallsOnly.class, json))
          .hasMessageStartingWith("call refused: it must be a string, is ");
    }
  }

  private static BadMessageException refusedCast(String json) {
    var bytes = bytes(json);
    return catchThrowableOfType(
        BadMessageException.class, () -> Binding.of(Shop.class).decodeCast(bytes, 0, bytes.length));
  }

  private static BadMessageException refusedCall(String json) {
    return refused(Shop.class, json);
  }

  private static BadMessageException refused(Class<?> server, String json) {
    var bytes = bytes(json);
    return catchThrowableOfType(
        BadMessageException.class, () -> Binding.of(server).decodeCall(bytes, 0, bytes.length));
  }

  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(UTF_8);
  }
}
