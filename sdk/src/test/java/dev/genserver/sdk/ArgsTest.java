package dev.genserver.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArgsTest {

  @Test
  void missingValueGivesTheFallback() {
    var args = Args.none();

    assertThat(args.longOr("start", 7)).isEqualTo(7);
    assertThat(args.doubleOr("rate", 0.5)).isEqualTo(0.5);
    assertThat(args.stringOr("title", "none")).isEqualTo("none");
    assertThat(args.booleanOr("strict", true)).isTrue();
    assertThat(args.durationOr("ttl", Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
    assertThat(args.get("start")).isEmpty();
  }

  @Test
  void valueOfTheRightKindIsGiven() {
    var args = new Args(Map.of("int", 3, "long", 4L, "double", 1.5, "text", "hi", "flag", false));

    assertThat(args.longOr("int", 0)).isEqualTo(3);
    assertThat(args.longOr("long", 0)).isEqualTo(4);
    assertThat(args.doubleOr("double", 0)).isEqualTo(1.5);
    assertThat(args.doubleOr("int", 0)).isEqualTo(3.0);
    assertThat(args.stringOr("text", "")).isEqualTo("hi");
    assertThat(args.booleanOr("flag", true)).isFalse();
    assertThat(args.get("text")).contains("hi");
    assertThat(args.require("flag")).isEqualTo(false);
  }

  @Test
  void durationComesAsDurationAsMillisecondsOrAsText() {
    var args =
        new Args(Map.of("duration", Duration.ofSeconds(9), "int", 250, "long", 250L, "text", "5m"));

    assertThat(args.durationOr("duration", Duration.ZERO)).isEqualTo(Duration.ofSeconds(9));
    assertThat(args.durationOr("int", Duration.ZERO)).isEqualTo(Duration.ofMillis(250));
    assertThat(args.durationOr("long", Duration.ZERO)).isEqualTo(Duration.ofMillis(250));
    assertThat(args.durationOr("text", Duration.ZERO)).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void valueOfAnotherKindIsRefusedByName() {
    var args = new Args(Map.of("a", "3", "b", 1.5, "c", new BigInteger("9".repeat(30))));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> args.longOr("a", 0))
        .withMessage("argument 'a' must be a whole number, is 3");
    assertThatIllegalArgumentException().isThrownBy(() -> args.longOr("b", 0));
    assertThatIllegalArgumentException().isThrownBy(() -> args.longOr("c", 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> args.doubleOr("a", 0))
        .withMessage("argument 'a' must be a number, is 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> args.stringOr("b", ""))
        .withMessage("argument 'b' must be a text, is 1.5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> args.booleanOr("a", true))
        .withMessage("argument 'a' must be true or false, is 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> args.durationOr("a", Duration.ZERO))
        .withMessage("argument 'a' must be a time such as 250ms or 2s, is 3");
    assertThatIllegalArgumentException().isThrownBy(() -> args.durationOr("b", Duration.ZERO));
  }

  @Test
  void requiredValueThatIsMissingIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Args.none().require("url"))
        .withMessage("argument 'url' is missing");
  }

  @Test
  void withAddsOrChangesWithoutTouchingTheOriginal() {
    var one = Args.of("start", 1);

    assertThat(one.with("start", 2)).isEqualTo(Args.of("start", 2));
    assertThat(one.with("step", 2).values()).containsOnlyKeys("start", "step");
    assertThat(one).isEqualTo(Args.of("start", 1));
  }

  @Test
  void argsDoNotChangeWithTheMapTheyCameFrom() {
    var source = new HashMap<String, Object>(Map.of("start", 1));
    var args = new Args(source);
    source.put("start", 2);

    assertThat(args.longOr("start", 0)).isEqualTo(1);
    assertThatThrownBy(() -> args.values().put("start", 3))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
