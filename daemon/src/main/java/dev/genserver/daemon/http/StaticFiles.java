package dev.genserver.daemon.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/// Files that are part of the daemon, below one folder of its class path. Each is read once and
/// kept. Thread-safe.
final class StaticFiles {

  private static final Pattern NAME =
      Pattern.compile("([A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "woff2", "font/woff2",
          "txt", "text/plain; charset=utf-8",
          "webmanifest", "application/manifest+json");

  /// Nothing but what comes from here is run or shown, and nobody else shows it within a page.
  private static final Map<String, String> SAFETY =
      Map.of(
          "content-security-policy",
          "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
          "x-frame-options",
          "DENY",
          "x-content-type-options",
          "nosniff",
          "referrer-policy",
          "no-referrer");

  private final String folder;
  private final Map<String, File> files = new ConcurrentHashMap<>();

  /// A file in one of its forms.
  ///
  /// @param tag differs where the bytes do
  private record Form(String tag, Answer.Whole whole, Answer.Whole unchanged) {}

  private record File(Form plain, Form smallest) {}

  /// @param folder where they are, such as `/dashboard/`
  StaticFiles(String folder) {
    this.folder = folder;
  }

  /// The file, as the client wants it; empty if there is none of that name.
  Optional<Answer.Whole> answer(String name, Head head) {
    return find(name).map(file -> answer(file, head));
  }

  private Optional<File> find(String name) {
    var known = files.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    var type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type == null || !NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    try (var in = StaticFiles.class.getResourceAsStream(folder + name)) {
      if (in == null) {
        return Optional.empty();
      }
      var file = file(type, in.readAllBytes());
      files.put(name, file);
      return Optional.of(file);
    } catch (IOException e) {
      throw new UncheckedIOException("the file " + folder + name + " cannot be read", e);
    }
  }

  private static Answer.Whole answer(File file, Head head) {
    var takesZipped =
        head.header("accept-encoding").filter(known -> known.contains("gzip")).isPresent();
    var form = takesZipped ? file.smallest() : file.plain();
    return head.header("if-none-match").filter(known -> known.contains(form.tag())).isPresent()
        ? form.unchanged()
        : form.whole();
  }

  private static File file(String type, byte[] bytes) throws IOException {
    var hash = hash(bytes);
    var plain = form(hash, Map.of("content-type", type), bytes);
    var zipped = zip(bytes);
    return zipped.length >= bytes.length
        ? new File(plain, plain)
        : new File(
            plain,
            form(hash + "-gzip", Map.of("content-type", type, "content-encoding", "gzip"), zipped));
  }

  private static Form form(String hash, Map<String, String> ofContent, byte[] bytes) {
    var tag = '"' + hash + '"';
    var headers = new LinkedHashMap<>(SAFETY);
    headers.put("etag", tag);
    headers.put("cache-control", "no-cache");
    headers.put("vary", "accept-encoding");
    var unchanged = Answer.of(Status.NOT_MODIFIED, headers, new byte[0]);
    headers.putAll(ofContent);
    return new Form(tag, Answer.of(Status.OK, headers, bytes), unchanged);
  }

  private static byte[] zip(byte[] bytes) throws IOException {
    var zipped = new ByteArrayOutputStream(bytes.length);
    try (var out = new GZIPOutputStream(zipped)) {
      out.write(bytes);
    }
    return zipped.toByteArray();
  }

  private static String hash(byte[] bytes) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
