package dev.genserver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.daemon.net.Peer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/// Asks `sys.plugins` for things, as a client would.
record Uploading(Peer peer) {

  Map<String, Object> ask(String to, String msg) {
    return peer.send(
            "{\"op\":\"call\",\"id\":1,\"to\":\"%s\",\"msg\":%s,\"timeout_ms\":60000}"
                .formatted(to, msg))
        .receive();
  }

  Map<String, Object> sys(String msg) {
    return ask("sys.plugins", msg);
  }

  @SuppressWarnings("unchecked") // JSON
  static Map<String, Object> result(Map<String, Object> answer) {
    assertThat(answer).containsKey("result");
    return (Map<String, Object>) answer.get("result");
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  long upload(Path jar) {
    try {
      return upload(jar, sha256(Files.readAllBytes(jar)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends a jar in three pieces.
  long upload(Path jar, String sha256) throws IOException {
    var bytes = Files.readAllBytes(jar);
    var begin =
        "{\"type\":\"upload\",\"file\":\"%s\",\"bytes\":%d,\"sha256\":\"%s\"}"
            .formatted(jar.getFileName(), bytes.length, sha256);
    var upload = (Number) result(sys(begin)).get("upload");
    var third = bytes.length / 3 + 1;
    for (var from = 0; from < bytes.length; from += third) {
      var piece = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + third));
      var chunk =
          "{\"type\":\"chunk\",\"upload\":%s,\"offset\":%d,\"data\":\"%s\"}"
              .formatted(upload, from, Base64.getEncoder().encodeToString(piece));
      assertThat(result(sys(chunk))).isEqualTo(Map.of("bytes", (long) from + piece.length));
    }
    return upload.longValue();
  }
}
