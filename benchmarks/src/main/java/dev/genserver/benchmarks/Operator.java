package dev.genserver.benchmarks;

import dev.genserver.client.ClientOptions;
import dev.genserver.client.GenServerClient;
import dev.genserver.client.GenServerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Asks a daemon's `sys.plugins` to change its plugins, as an operator does.
final class Operator implements AutoCloseable {

  /// What the daemon says of an upgrade or a rollback.
  record Change(
      String from, String to, int processes, double pauseMillis, List<?> broken, int reverted) {}

  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final int CHUNK = 1 << 18;

  private final GenServerClient client;

  Operator(int port) {
    client =
        GenServerClient.connect("127.0.0.1:" + port, ClientOptions.defaults().timeout(TIMEOUT));
  }

  Change upgrade(Path jar) throws IOException {
    return change(Map.of("type", "upgrade", "upload", upload(jar)));
  }

  Change rehearse(Path jar) throws IOException {
    return change(Map.of("type", "upgrade", "upload", upload(jar), "dry_run", true));
  }

  /// Asks for an upgrade that the daemon has to refuse.
  ///
  /// @return why it does, with the pause that it says was in vain
  GenServerException refusedUpgrade(Path jar) throws IOException {
    try {
      throw new IllegalStateException("the daemon took " + jar + ": " + upgrade(jar));
    } catch (GenServerException e) {
      return e;
    }
  }

  Change rollback(String plugin) {
    return change(Map.of("type", "rollback", "plugin", plugin));
  }

  /// The versions of which classes have stayed in memory, and what holds them.
  List<?> leaking() {
    return (List<?>) Objects.requireNonNull(ask(Map.of("type", "list")).get("leaking"));
  }

  private Change change(Map<String, Object> message) {
    var said = ask(message);
    return new Change(
        String.valueOf(said.get("from")),
        String.valueOf(said.get("to")),
        number(said, "processes").intValue(),
        number(said, "pause_us").longValue() / 1e3,
        said.get("broken") instanceof List<?> broken ? broken : List.of(),
        number(said, "reverted").intValue());
  }

  private long upload(Path jar) throws IOException {
    var bytes = Files.readAllBytes(jar);
    var begin = new HashMap<String, Object>();
    begin.put("type", "upload");
    begin.put("file", jar.getFileName().toString());
    begin.put("bytes", bytes.length);
    begin.put("sha256", sha256(bytes));
    var upload = number(ask(begin), "upload").longValue();
    for (var from = 0; from < bytes.length; from += CHUNK) {
      var piece = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + CHUNK));
      ask(
          Map.of(
              "type",
              "chunk",
              "upload",
              upload,
              "offset",
              from,
              "data",
              Base64.getEncoder().encodeToString(piece)));
    }
    return upload;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Number number(Map<?, ?> said, String field) {
    return (Number) Objects.requireNonNull(said.get(field), field);
  }

  private Map<?, ?> ask(Map<String, Object> message) {
    return Objects.requireNonNull(client.call("sys.plugins", message, Map.class));
  }

  @Override
  public void close() {
    client.close();
  }
}
