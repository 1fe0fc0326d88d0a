package dev.genserver.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class OptionsTest {

  private static final List<String> ALL = List.of("a", "b c", "d");

  @Test
  void thoseThatAreNamedAreChosenInTheirOrder() {
    assertThat(only("--quick")).isEqualTo(ALL);
    assertThat(only("--only", "d", "b c", "--quick")).containsExactly("b c", "d");
  }

  @Test
  void oneThatIsUnknownIsRefusedWithAllThatThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> only("--only", "e"))
        .withMessage("there is no letter 'e', but a, b c, d");
  }

  private static List<String> only(String... words) {
    return Options.of(words).only(ALL, "letter", Function.identity());
  }
}
