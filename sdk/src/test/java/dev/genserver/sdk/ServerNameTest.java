package dev.genserver.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerNameTest {

  @ParameterizedTest
  @ValueSource(strings = {"counter", "a", "orders/eu west", "zähler", "a<b", "1.42>"})
  void ordinaryNamesAreTaken(String name) {
    assertThat(ServerRef.named(name)).isEqualTo(new ServerName.Local(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<", "<1.42>", "a\nb", "\t", "a\u0000", "\u007f", "\u0085"})
  void emptyNamesPidsAndControlCharactersAreRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerRef.named(name))
        .withMessageContaining("must not be empty, begin with '<' or hold control characters");
  }

  @Test
  void lengthIsCountedInBytesOfUtf8() {
    assertThat(ServerRef.named("a".repeat(255))).isNotNull();
    assertThat(ServerRef.named("ä".repeat(127) + "a")).isNotNull();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerRef.named("a".repeat(256)))
        .withMessage("a name of more than 255 bytes is too long: '" + "a".repeat(32) + "…'");
    assertThatIllegalArgumentException().isThrownBy(() -> ServerRef.named("ä".repeat(128)));
  }

  @Test
  void namesPrintAsPeopleReadThem() {
    assertThat(ServerRef.named("counter")).hasToString("'counter'");
    assertThat(ServerRef.via("rooms", "lobby")).hasToString("{rooms, lobby}");
    assertThat(ServerRef.global("lobby")).hasToString("{global, lobby}");
    assertThat(ServerRef.at("counter", "other@host")).hasToString("{'counter', other@host}");
  }

  @Test
  void nameOnANodeIsANameToo() {
    assertThatIllegalArgumentException().isThrownBy(() -> ServerRef.at("", "other@host"));
  }
}
