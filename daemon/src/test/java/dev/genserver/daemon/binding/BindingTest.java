package dev.genserver.daemon.binding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.daemon.binding.Shop.Box;
import dev.genserver.daemon.binding.Shop.Call;
import dev.genserver.daemon.binding.Shop.Cast;
import dev.genserver.daemon.binding.Shop.Color;
import dev.genserver.daemon.binding.Shop.Item;
import dev.genserver.daemon.binding.Shop.Shape;
import dev.genserver.daemon.binding.Shop.Tree;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Timeouts;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BindingTest {

  private final Binding shop = Binding.of(Shop.class);

  @Test
  void anObjectBecomesTheRecordThatItsTypeNames() {
    assertThat(call("{'type':'add_many','by':3,'note':'x'}"))
        .isEqualTo(new Call.AddMany(3, Optional.of("x")));
    assertThat(cast("{'type':'add','by':3}")).isEqualTo(new Cast.Add(3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'by':3,'type':'add'}",
        "  {'type' : 'add' , 'by' : 3}  ",
        "{'type':'\\u0061dd','by':3}"
      })
  void theTypeMayStandAnywhereAndBeWrittenInAnyWay(String json) {
    assertThat(cast(json)).isEqualTo(new Cast.Add(3));
  }

  @Test
  void theTypeMayComeAfterFieldsThatHoldObjects() {
    assertThat(call("{'box':{'content':[1,2]},'type':'wrap'}"))
        .isEqualTo(new Call.Wrap(new Box<>(List.of(1L, 2L))));
    assertThat(call("{'shape':{'radius':1,'type':'circle'},'color':'red','type':'paint'}"))
        .isEqualTo(new Call.Paint(Color.RED, new Shape.Circle(1)));
  }

  @Test
  void aBareStringIsAMessageWithoutFields() {
    assertThat(call("'get'")).isEqualTo(new Call.Get());
    assertThat(call("{'type':'get'}")).isEqualTo(new Call.Get());
  }

  @Test
  void aMessageIsReadFromTheMiddleOfAFrame() {
    var frame = "{\"op\":\"call\",\"msg\":{\"by\":7,\"type\":\"add\"},\"id\":1}".getBytes(UTF_8);
    assertThat(shop.decodeCast(frame, 19, 21)).isEqualTo(new Cast.Add(7));
  }

  @Test
  void recordsOfInnerFamiliesAreMessagesToo() {
    assertThat(call("{'type':'reset','why':'x'}")).isEqualTo(new Call.Admin.Reset("x"));
  }

  @Test
  void numbersOfAllTypesAreRead() {
    assertThat(
            call(
                "{'type':'numbers','b':-128,'s':32767,'i':2147483647,'l':-9223372036854775808,"
                    + "'f':1.5,'d':-2,'n':123456789012345678901234567890,'m':0.10}"))
        .isEqualTo(
            new Call.Numbers(
                (byte) -128,
                (short) 32767,
                2147483647,
                Long.MIN_VALUE,
                1.5f,
                -2.0,
                new BigInteger("123456789012345678901234567890"),
                new BigDecimal("0.10")));
    assertThat(call("{'type':'boxed','i':1,'yes':true,'c':'x'}"))
        .isEqualTo(new Call.Boxed(1, true, 'x'));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e99999999999", "-1e-99999999999"})
  void numbersWhoseExponentsNoNumberHasAreRefused(String number) {
    var numbers = "{'type':'numbers','b':1,'s':1,'i':1,'l':1,'f':1,'d':1,'n':1,'m':" + number + "}";
    assertThatThrownBy(() -> call(numbers))
        .isInstanceOf(BadMessageException.class)
        .hasMessageContaining("number");
  }

  @Test
  void textsOfAllTypesAreRead() {
    var id = UUID.fromString("0e37df36-f698-11e6-8dd4-cb9ced3df976");
    var texts =
        (Call.Texts)
            call("{'type':'texts','text':'ü☃','id':'" + id + "','pid':'<1.42>','bytes':'AQI='}");
    assertThat(texts.text()).isEqualTo("ü☃");
    assertThat(texts.id()).isEqualTo(id);
    assertThat(texts.pid()).isEqualTo(new Pid(1, 42));
    assertThat(texts.bytes()).containsExactly(1, 2);
  }

  @Test
  void timesAreMillisecondsOrText() {
    assertThat(call("{'type':'times','delay':1500,'at':'2026-01-31T12:00:00Z','day':'2026-01-31'}"))
        .isEqualTo(
            new Call.Times(
                Duration.ofMillis(1500),
                Instant.parse("2026-01-31T12:00:00Z"),
                LocalDate.of(2026, 1, 31)));
  }

  @ParameterizedTest
  @CsvSource({"0, PT0S", "0.5, PT0.0005S", "-1, PT-0.001S", "'\"2s\"', PT2S", "'\"PT1M\"', PT1M"})
  void aDurationHasManyForms(String json, String iso) {
    assertThat(times(json)).isEqualTo(Duration.parse(iso));
  }

  @Test
  void anEndlessDurationIsTheWordInfinity() {
    assertThat(times("'infinity'")).isEqualTo(Timeouts.INFINITY);
  }

  @Test
  void listsSetsMapsAndArraysAreRead() {
    var many =
        (Call.Many)
            call(
                "{'type':'many','items':[{'sku':'a','count':1},{'count':2,'sku':'b'}],"
                    + "'colors':['dark_blue','RED'],'counts':{'x':1,'y':2},'codes':[7,8]}");
    assertThat(many.items()).containsExactly(new Item("a", 1), new Item("b", 2));
    assertThat(many.colors()).containsExactly(Color.DARK_BLUE, Color.RED);
    assertThat(many.counts()).containsExactly(Map.entry("x", 1), Map.entry("y", 2));
    assertThat(many.codes()).containsExactly(7, 8);
  }

  @Test
  void innerFamiliesTakeTheShortFormToo() {
    assertThat(call("{'type':'paint','color':'red','shape':'dot'}"))
        .isEqualTo(new Call.Paint(Color.RED, new Shape.Dot()));
  }

  @Test
  void aRecordMayHoldItsOwnKind() {
    assertThat(call("{'type':'grow','tree':{'name':'a','children':[{'name':'b','children':[]}]}}"))
        .isEqualTo(new Call.Grow(new Tree("a", List.of(new Tree("b", List.of())))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'type':'add_many','by':1}", "{'type':'add_many','by':1,'note':null}"})
  void anOptionalFieldMayBeMissingOrNull(String json) {
    assertThat(call(json)).isEqualTo(new Call.AddMany(1, Optional.empty()));
  }

  @Test
  void anObjectFieldTakesAnyJsonAsPlainData() {
    var free = (Call.Free) call("{'type':'free','any':{'b':[1,2.5,null,true,'x'],'a':{}}}");
    assertThat(free.any()).isInstanceOf(Map.class);
    assertThat(free.any().toString()).isEqualTo("{b=[1, 2.5, null, true, x], a={}}");
  }

  static final class Untyped extends GenServer<Long, Object, Map<String, Object>> {
    @Override
    public Init<Long> init(Args args) {
      return ok(0L);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'\"get\"', java.lang.String",
    "1, java.lang.Long",
    "9223372036854775808, java.math.BigInteger",
    "1.5, java.lang.Double",
    "1e400, java.math.BigDecimal",
    "true, java.lang.Boolean",
    "[1], java.util.List",
    "{}, java.util.Map"
  })
  void anUntypedServerTakesAnyJsonAsItIs(String json, Class<?> type) {
    assertThat(decodeCall(Untyped.class, json)).isInstanceOf(type);
  }

  @Test
  void integersBeyond64BitStayExact() {
    assertThat(decodeCall(Untyped.class, "[123456789012345678901]"))
        .isEqualTo(List.of(new BigInteger("123456789012345678901")));
  }

  @Test
  void aServerMayTakeMapsWithoutATypeField() {
    var json = "{\"a\":[null]}".getBytes(UTF_8);
    assertThat(Binding.of(Untyped.class).decodeCast(json, 0, json.length))
        .isEqualTo(Map.of("a", Arrays.asList((Object) null)));
    assertThat(Binding.of(Untyped.class).checkCast(json, 0, json.length)).isEmpty();
  }

  record Ping(int n) {}

  /// Its message types come through a superclass.
  abstract static class Base<T> extends GenServer<Long, T, T> {}

  static final class Single extends Base<Ping> {
    @Override
    public Init<Long> init(Args args) {
      return ok(0L);
    }
  }

  @Test
  void aSingleRecordIsTheOneMessage() {
    assertThat(decodeCall(Single.class, "{'type':'ping','n':1}")).isEqualTo(new Ping(1));
  }

  @Test
  void theServerDescribesWhatItTakes() {
    var calls = (Map<?, ?>) shop.describe().get("calls");
    assertThat(calls.keySet().stream().map(Object::toString))
        .startsWith("get", "add_many", "numbers")
        .endsWith("wrap", "reset");
    assertThat(calls.get("get")).isEqualTo(Map.of());
    assertThat(calls.get("add_many")).isEqualTo(Map.of("by", "integer", "note", "string | null"));
    assertThat(calls.get("many"))
        .isEqualTo(
            Map.of(
                "items", "{sku: string, count: integer}[]",
                "colors", "(\"red\" | \"dark_blue\")[]",
                "counts", "{[key]: integer}",
                "codes", "integer[]"));
    assertThat(calls.get("grow")).isEqualTo(Map.of("tree", "{name: string, children: tree[]}"));
    assertThat(Binding.of(Untyped.class).describe())
        .isEqualTo(Map.of("calls", "any", "casts", "{[key]: any}"));
  }

  @Test
  void aCastOfTheRightFormPassesTheCheck() {
    for (var json : List.of("'clear'", "{'by':1,'type':'add'}", "{'type':'add','by':1}")) {
      assertThat(check(json)).as(json).isEmpty();
    }
  }

  @Test
  void theCheckRunsNoConstructor() {
    assertThat(check("{'type':'silent','text':'x'}")).isEmpty();
  }

  private Object call(String json) {
    return decodeCall(Shop.class, json);
  }

  private Object cast(String json) {
    var bytes = json.replace('\'', '"').getBytes(UTF_8);
    return shop.decodeCast(bytes, 0, bytes.length);
  }

  private Optional<BadMessage> check(String json) {
    var bytes = json.replace('\'', '"').getBytes(UTF_8);
    return shop.checkCast(bytes, 0, bytes.length);
  }

  private Duration times(String json) {
    var times =
        call(
            "{'type':'times','delay':" + json + ",'at':'2026-01-31T12:00:00Z','day':'2026-01-31'}");
    return ((Call.Times) times).delay();
  }

  private static Object decodeCall(Class<?> server, String json) {
    var bytes = json.replace('\'', '"').getBytes(UTF_8);
    return Binding.of(server).decodeCall(bytes, 0, bytes.length);
  }
}
