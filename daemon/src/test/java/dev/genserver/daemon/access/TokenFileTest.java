package dev.genserver.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFileTest {

  private static final LocalDate TODAY = LocalDate.of(2026, 11, 23);

  @TempDir Path folder;

  private Path path() {
    return folder.resolve("tokens");
  }

  private TokenFile file() {
    return new TokenFile(path());
  }

  @Test
  void tokenThatWasMadeLogsItsPrincipalIn() throws IOException {
    var token = file().create("shop", TODAY);
    assertThat(token).matches("gsd_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{43}");
    assertThat(file().read().owner(TokenHash.of(token))).contains("shop");
    assertThat(file().read().owner(TokenHash.of(token + "x"))).isEmpty();
  }

  @Test
  void fileHoldsNoTokenAndIsForItsOwnerAlone() throws IOException {
    var token = file().create("shop", TODAY);
    assertThat(path()).content().doesNotContain(token.substring(token.length() - 43));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
        .isEqualTo("rw-------");
  }

  @Test
  void everyTokenIsAnother() throws IOException {
    assertThat(file().create("shop", TODAY)).isNotEqualTo(file().create("shop", TODAY));
    assertThat(file().lines())
        .extracting(TokenFile.Line::principal, TokenFile.Line::created)
        .containsExactly(tuple("shop", TODAY), tuple("shop", TODAY));
  }

  @Test
  void tokensAreRevokedByTheirPrincipalOrOneByItsId() throws IOException {
    var first = file().create("shop", TODAY);
    var second = file().create("shop", TODAY);
    var other = file().create("ops", TODAY);
    assertThat(file().revoke(first.substring(4, 12))).isEqualTo(1);
    assertThat(file().read().owner(TokenHash.of(first))).isEmpty();
    assertThat(file().read().owner(TokenHash.of(second))).contains("shop");
    assertThat(file().revoke("shop")).isEqualTo(1);
    assertThat(file().revoke("shop")).isZero();
    assertThat(file().read().owner(TokenHash.of(second))).isEmpty();
    assertThat(file().read().owner(TokenHash.of(other))).contains("ops");
  }

  @Test
  void commentsAreKept() throws IOException {
    Files.writeString(path(), "# of the shop team\n");
    file().create("shop", TODAY);
    file().revoke("shop");
    assertThat(path()).content().isEqualTo("# of the shop team\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop",
        "shop a1 sha256:00 2026-11-23",
        "shop a1 md5:0000000000000000000000000000000000000000000000000000000000000000 2026-11-23",
        "sh*p a1 sha256:0000000000000000000000000000000000000000000000000000000000000000 2026-11-23",
        "shop a1 sha256:0000000000000000000000000000000000000000000000000000000000000000 today"
      })
  void otherLinesAreRefusedWithoutShowingThem(String line) throws IOException {
    Files.writeString(path(), "# fine\n\n" + line + "\n");
    assertThatThrownBy(() -> file().read())
        .isInstanceOf(TokenException.class)
        .hasMessage(
            "token file %s:3 is not 'NAME ID sha256:HASH DAY'; make lines with 'genserverd token create NAME'",
            path());
    assertThatThrownBy(() -> file().create("ops", TODAY)).isInstanceOf(TokenException.class);
    assertThat(path()).content().isEqualTo("# fine\n\n" + line + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "anonymous", "a b", "-x", "x\ny"})
  void nameMustBeOneThatAPrincipalCanHave(String name) {
    assertThatThrownBy(() -> file().create(name, TODAY))
        .isInstanceOf(TokenException.class)
        .hasMessageContaining("cannot be a principal's name");
    assertThat(path()).doesNotExist();
  }

  @Test
  void missingFileCannotBeRead() {
    assertThatThrownBy(() -> file().read()).isInstanceOf(NoSuchFileException.class);
  }
}
