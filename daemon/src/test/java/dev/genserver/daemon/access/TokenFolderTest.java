package dev.genserver.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFolderTest {

  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;

  private Tokens read() {
    return new TokenSources(Optional.empty(), Optional.of(folder)).read();
  }

  @Test
  void fileIsATokenOfThePrincipalThatItIsCalledAfter() throws IOException {
    Files.writeString(folder.resolve("shop"), SECRET + "\n");
    assertThat(read().owner(TokenHash.of(SECRET))).contains("shop");
  }

  @Test
  void secretsMountedTheWayKubernetesDoesAreFound() throws IOException {
    var version = Files.createDirectory(folder.resolve("..2026_11_23"));
    Files.writeString(version.resolve("shop"), SECRET);
    Files.createSymbolicLink(folder.resolve("..data"), version.getFileName());
    Files.createSymbolicLink(folder.resolve("shop"), Path.of("..data", "shop"));
    assertThat(read().size()).isEqualTo(1);
    assertThat(read().owner(TokenHash.of(SECRET))).contains("shop");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "short",
        "0123456789abcdef 0123456789abcdef",
        "0123456789\nabcdef0123456789abcdef"
      })
  void whatIsNoTokenIsRefusedWithoutShowingIt(String text) throws IOException {
    Files.writeString(folder.resolve("shop"), text);
    assertThatThrownBy(this::read)
        .isInstanceOf(TokenException.class)
        .hasMessage(
            "token file %s must hold one token of 32 to 4,096 printable characters; make one with 'openssl rand -hex 32'",
            folder.resolve("shop"));
  }

  @Test
  void missingFolderIsToldWithItsKey() {
    var sources = new TokenSources(Optional.empty(), Optional.of(folder.resolve("gone")));
    assertThatThrownBy(sources::read)
        .isInstanceOf(TokenException.class)
        .hasMessageStartingWith("tokens.dir %s cannot be read", folder.resolve("gone"));
  }
}
