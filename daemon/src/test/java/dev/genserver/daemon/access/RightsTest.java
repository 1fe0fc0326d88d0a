package dev.genserver.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RightsTest {

  private static final Rights SHOP =
      new Rights(
          NameSet.of(List.of("counter", "chat/*")),
          NameSet.of(List.of("*")),
          NameSet.of(List.of()),
          false);

  @ParameterizedTest
  @CsvSource({
    "CALL,    counter,    true",
    "CALL,    counters,   false",
    "CALL,    chat/,      true",
    "CALL,    chat/lobby, true",
    "CALL,    chat,       false",
    "CAST,    whatever,   true",
    "MONITOR, counter,    false"
  })
  void namesAreExactOrBeginningsOrAll(Right right, String name, boolean allowed) {
    assertThat(SHOP.allow(right, name)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @EnumSource(Right.class)
  void noNamesIncludeTheDaemonsOwnProcesses(Right right) {
    assertThat(Rights.ALL_BUT_ADMIN.allow(right, "sys.processes")).isFalse();
    assertThat(Rights.ALL_BUT_ADMIN.allow(right, "sys")).isTrue();
    assertThat(Rights.ALL.allow(right, "sys.processes")).isTrue();
    var administrator = new Rights(NameSet.NONE, NameSet.NONE, NameSet.NONE, true);
    assertThat(administrator.allow(right, "sys.node")).isTrue();
    assertThat(administrator.allow(right, "counter")).isFalse();
  }

  @Test
  void processWithoutNameTakesTheRightToAll() {
    assertThat(SHOP.allow(Right.CALL, Optional.empty())).isFalse();
    assertThat(SHOP.allow(Right.CAST, Optional.empty())).isTrue();
    assertThat(SHOP.allow(Right.CALL, Optional.of("counter"))).isTrue();
  }

  @Test
  void onlyWhoMayAdministerMayDoSomethingToAny() {
    assertThat(Rights.ALL.allowAny(Right.CALL)).isTrue();
    assertThat(Rights.ALL_BUT_ADMIN.allowAny(Right.CALL)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*counter", "chat/*/log", "**"})
  void starStandsAtTheEndAlone(String pattern) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NameSet.of(List.of(pattern)))
        .withMessage(
            "must be a name, the beginning of names and a '*', or '*' for all, is '%s'", pattern);
  }
}
