package dev.genserver.cli;

import dev.genserver.protocol.RawJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/// A jar on its way to `sys.plugins`, piece by piece. Each piece is awaited before the next is
/// sent, so whatever goes wrong is told at once, and nothing has been deployed then.
///
/// @param bytes how long the jar is
record PluginUpload(Path jar, long bytes, String sha256) {

  private static final int LARGEST_PIECE = 256 * 1024;

  /// What a frame with a piece has besides the piece.
  private static final int ENVELOPE = 256;

  /// How far it is.
  private interface Progress {
    void at(long bytes);
  }

  /// Looks at the jar.
  ///
  /// @throws CliException if it cannot be read
  static PluginUpload of(String name) {
    var jar = Path.of(name);
    try (var in = Files.newInputStream(jar)) {
      var digest = MessageDigest.getInstance("SHA-256");
      long bytes = 0;
      var buffer = new byte[1 << 16];
      for (int read; (read = in.read(buffer)) >= 0; bytes += read) {
        digest.update(buffer, 0, read);
      }
      return new PluginUpload(jar, bytes, HexFormat.of().formatHex(digest.digest()));
    } catch (IOException e) {
      throw unreadable(jar, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Sends it, and shows whoever sits there how far it is.
  ///
  /// @return by which number the daemon knows it
  /// @throws CliException if it did not arrive, or the jar can no longer be read
  long send(Exchange exchange, Command.Options options, Shell shell) {
    if (options.quiet() || !Screen.isTerminal()) {
      return send(exchange, _ -> {});
    }
    try {
      return send(
          exchange, sent -> shell.err().printf("\r\033[K%s: %d%%\r", jar, 100 * sent / bytes));
    } finally {
      shell.err().print("\033[K");
    }
  }

  private long send(Exchange exchange, Progress progress) {
    int piece = Math.min(LARGEST_PIECE, (exchange.maxFrame() - ENVELOPE) / 4 * 3);
    long upload = Fields.of(exchange.call(SysCommand.PLUGINS, begin()).toValue()).number("upload");
    try (var in = Files.newInputStream(jar)) {
      long offset = 0;
      for (var data = in.readNBytes(piece); data.length > 0; data = in.readNBytes(piece)) {
        progress.at(offset);
        exchange.call(SysCommand.PLUGINS, chunk(upload, offset, data));
        offset += data.length;
      }
      return upload;
    } catch (IOException e) {
      throw unreadable(jar, e);
    }
  }

  private RawJson begin() {
    return SysCommand.begin("upload", null)
        .field("file")
        .string(jar.getFileName().toString())
        .field("bytes")
        .number(bytes)
        .field("sha256")
        .string(sha256)
        .endObject()
        .toRawJson();
  }

  private static RawJson chunk(long upload, long offset, byte[] data) {
    return SysCommand.begin("chunk", null)
        .field("upload")
        .number(upload)
        .field("offset")
        .number(offset)
        .field("data")
        .string(Base64.getEncoder().encodeToString(data))
        .endObject()
        .toRawJson();
  }

  private static CliException unreadable(Path jar, IOException cause) {
    var why =
        switch (cause) {
          case NoSuchFileException _ -> "there is no such file";
          case IOException _ when Files.isDirectory(jar) -> "it is a folder, and a jar is wanted";
          default -> cause.getMessage();
        };
    return new CliException(
        CliException.NO_INPUT, "'%s' cannot be read: %s".formatted(jar, why), cause);
  }
}
