package dev.genserver.daemon.binding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.runtime.JavaType;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Where a contract is not broken, the new types take all that the old ones took. `-Dseed=17` runs
/// one seed again.
class ContractPropertyTest {

  private static Stream<DynamicTest> seeds(int count, LongConsumer check) {
    var fixed = Long.getLong("seed");
    var seeds = fixed == null ? LongStream.range(0, count) : LongStream.of(fixed);
    return seeds.mapToObj(
        seed -> DynamicTest.dynamicTest("seed " + seed, () -> check.accept(seed)));
  }

  static boolean takes(ValueReader reader, String json) {
    var bytes = json.getBytes(UTF_8);
    try {
      new MessageType("call", reader).decode(bytes, 0, bytes.length);
      return true;
    } catch (BadMessageException _) {
      return false;
    }
  }

  private static List<String> broken(ValueReader old, ValueReader now) {
    return Contract.broken(new MessageType("call", old), new MessageType("call", now));
  }

  private static ValueReader reader(JavaType type) {
    return new ReaderFactory().value(type, "it");
  }

  @Test
  void aScalarMayBecomeExactlyThoseThatTakeAllOfIt() {
    for (var old : RandomTypes.SCALARS) {
      for (var now : RandomTypes.SCALARS) {
        var before = reader(JavaType.of(old));
        var after = reader(JavaType.of(now));
        assertThat(broken(before, after).isEmpty())
            .as("%s to %s", old.getSimpleName(), now.getSimpleName())
            .isEqualTo(
                RandomTypes.TOKENS.stream()
                    .allMatch(json -> !takes(before, json) || takes(after, json)));
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> whatIsNotBrokenTakesEveryMessageOfAnyType() {
    return seeds(300, ContractPropertyTest::checkTypes);
  }

  private static void checkTypes(long seed) {
    var types = new RandomTypes(seed);
    var unbroken = 0;
    for (var i = 0; i < 40; i++) {
      var old = types.next(3);
      var now = types.successor(old);
      var before = reader(old);
      var after = reader(now);
      if (broken(before, after).isEmpty()) {
        unbroken++;
        for (var j = 0; j < 10; j++) {
          var json = types.json(old, 4);
          assertThat(takes(after, json) || !takes(before, json))
              .as("%s of %s, now %s", json, before.describe(), after.describe())
              .isTrue();
        }
      }
    }
    assertThat(unbroken).as("contracts that are not broken, of 40").isBetween(5, 35);
  }

  @TestFactory
  Stream<DynamicTest> whatIsBrokenRefusesAMessageThatWasTaken() {
    return seeds(100, ContractPropertyTest::checkWitnesses);
  }

  /// Each sentence tells of a message that breaks; only few are too rare to be found.
  private static void checkWitnesses(long seed) {
    var types = new RandomTypes(seed);
    var broken = 0;
    var found = 0;
    while (broken < 20) {
      var old = types.next(2);
      var before = reader(old);
      var after = reader(types.successor(old));
      if (!broken(before, after).isEmpty()) {
        broken++;
        found +=
            Stream.generate(() -> types.json(old, 4))
                    .limit(200)
                    .anyMatch(json -> takes(before, json) && !takes(after, json))
                ? 1
                : 0;
      }
    }
    assertThat(found).as("broken contracts shown by a message, of 20").isGreaterThan(16);
  }

  @TestFactory
  Stream<DynamicTest> aShopThatTakesMoreTakesEveryMessageOfTheShop() {
    assertThat(Contract.broken(Shop.class, BiggerShop.class)).isEmpty();
    assertThat(Contract.broken(BiggerShop.class, Shop.class)).hasSizeGreaterThan(10);
    return seeds(300, ContractPropertyTest::checkShop);
  }

  private static void checkShop(long seed) {
    var shop = Binding.of(Shop.class).calls().reader();
    var bigger = Binding.of(BiggerShop.class).calls().reader();
    var messages = new NearMessages(seed);
    for (var i = 0; i < 50; i++) {
      var json = messages.next();
      assertThat(takes(bigger, json) || !takes(shop, json)).as(json).isTrue();
    }
  }

  /// The [Shop], with every field as wide as it may become.
  static final class BiggerShop extends GenServer<Long, BiggerShop.Call, Shop.Cast> {

    sealed interface Call {
      record Get(Optional<String> what) implements Call {}

      record AddMany(BigInteger by, Optional<Object> note) implements Call {}

      record Numbers(
          short b,
          float s,
          double i,
          BigInteger l,
          double f,
          BigDecimal d,
          BigDecimal n,
          Optional<BigDecimal> m)
          implements Call {}

      record Boxed(Duration i, Optional<Boolean> yes, String c) implements Call {}

      record Times(Object delay, String at, String day) implements Call {}

      record Texts(Optional<String> text, String id, String pid, String bytes) implements Call {}

      record Many(
          Set<Item> items,
          List<String> colors,
          Map<String, Optional<Long>> counts,
          List<Optional<Double>> codes)
          implements Call {}

      record Paint(Color color, Shape shape) implements Call {}

      record Free(Optional<Object> any) implements Call {}

      record Grow(Tree tree) implements Call {}

      record Wrap(Map<String, Object> box) implements Call {}

      record Reset(Optional<String> why) implements Call {}

      record Close() implements Call {}
    }

    record Item(Optional<Integer> price, int count, String sku) {}

    record Tree(String name, Set<Tree> children, Optional<Tree> parent) {}

    enum Color {
      GREEN,
      DARK_BLUE,
      RED
    }

    sealed interface Shape {
      record Dot(Optional<String> color) implements Shape {}

      record Square(int side) implements Shape {}

      record Circle(BigDecimal radius) implements Shape {}
    }

    @Override
    public Init<Long> init(Args args) {
      return ok(0L);
    }
  }
}
