package dev.genserver.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.CodeChange;
import dev.genserver.sdk.CodeChanged;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.StateMismatchException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TestCodeChangeTest {

  private record State(long pieces, int changes) {}

  /// Its older version called the pieces a total.
  private static final class Stock extends GenServer<State, Void, Void> {

    @Override
    public Init<State> init(Args args) {
      return ok(new State(0, 0));
    }

    @Override
    public CodeChanged<State> codeChange(CodeChange<State> change) {
      var fields = change.fields();
      fields.put("pieces", fields.remove("total"));
      fields.put("changes", change.oldVersion().equals("1.0.0") ? 0 : 1);
      return changed(change.bind(fields));
    }
  }

  @Test
  void codeChangeSeesTheOldStateAsPlainData() {
    var change = TestCodeChange.from("1.0.0", Map.of("total", 42), new Stock());

    assertThat(new Stock().codeChange(change)).isEqualTo(new CodeChanged.Ok<>(new State(42, 0)));
    assertThat(change.data()).isEqualTo(Map.of("total", 42));
  }

  @Test
  void whatDoesNotFitIsSaid() {
    var change = TestCodeChange.from("1.0.0", Map.of("total", "many"), new Stock());

    assertThatThrownBy(() -> new Stock().codeChange(change))
        .isInstanceOf(StateMismatchException.class)
        .hasMessageEndingWith(
            "State.pieces was a String, which is no long; make it one in codeChange");
  }
}
