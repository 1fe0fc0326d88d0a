package dev.genserver.daemon.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Jars that come over the wire in pieces. Nothing is made of one before it is whole and its
/// checksum is right. For one thread.
///
/// There are at most [#MOST] at a time, of [#MAX_BYTES] each. One that is not heard of for
/// [#PATIENCE] makes room for others.
public final class Uploads {

  /// How many may be on their way.
  public static final int MOST = 4;

  /// How large one may be.
  public static final long MAX_BYTES = 256L << 20;

  /// For how long one may pause.
  public static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,120}\\.jar");

  /// One of them.
  private static final class Upload {
    final Path file;
    final long size;
    final String sha256;
    long received;
    long lastNanos = System.nanoTime();

    Upload(Path file, long size, String sha256) {
      this.file = file;
      this.size = size;
      this.sha256 = sha256;
    }
  }

  private final Path parent;
  private @Nullable Path folder; // from the first upload on
  private final Map<Long, Upload> open = new LinkedHashMap<>();
  private long last;

  /// @param parent where to put them; whoever has made it deletes it
  Uploads(Path parent) {
    this.parent = parent;
  }

  /// Begins one.
  ///
  /// @param file what it is called
  /// @param size how many bytes it will have
  /// @param sha256 its checksum in hexadecimal digits
  /// @return its number
  /// @throws PluginRefusedException if it cannot be taken
  public long begin(String file, long size, String sha256) {
    if (!NAME.matcher(file).matches()) {
      throw new PluginRefusedException(
          "'%s' is no name for a plugin's file; take letters, digits, '.', '_', '+', '-' and end it with .jar"
              .formatted(file));
    }
    if (size < 1 || size > MAX_BYTES) {
      throw new PluginRefusedException(
          "it has %,d bytes; %,d may be uploaded, a larger one can be put into the plugin folder"
              .formatted(size, MAX_BYTES));
    }
    if (!sha256.matches("[0-9a-fA-F]{64}")) {
      throw new PluginRefusedException("its sha256 is not 64 hexadecimal digits");
    }
    dropStalled();
    if (open.size() >= MOST) {
      throw new PluginRefusedException(
          "%d uploads are on their way already; try again in a minute".formatted(MOST));
    }
    var id = ++last;
    open.put(id, new Upload(folder().resolve(id + "-" + file), size, sha256));
    return id;
  }

  private Path folder() {
    if (folder == null) {
      try {
        folder = Files.createTempDirectory(parent, "uploads-");
      } catch (IOException e) {
        throw new PluginRefusedException("there is no room for it: " + e.getMessage());
      }
    }
    return folder;
  }

  /// Takes the next piece of one.
  ///
  /// @param offset how many bytes came before it
  /// @return how many bytes there are now
  /// @throws PluginRefusedException if it does not fit; the upload is over then
  public long add(long id, long offset, byte[] piece) {
    var upload = find(id);
    if (offset != upload.received || offset + piece.length > upload.size) {
      drop(id);
      throw new PluginRefusedException(
          "a piece of %,d bytes came for offset %,d, where %,d of %,d are there; upload it again"
              .formatted(piece.length, offset, upload.received, upload.size));
    }
    try (OutputStream out =
        Files.newOutputStream(upload.file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      out.write(piece);
    } catch (IOException e) {
      drop(id);
      throw new PluginRefusedException("it cannot be written: " + e.getMessage());
    }
    upload.received += piece.length;
    upload.lastNanos = System.nanoTime();
    return upload.received;
  }

  /// Ends one, whose file is the caller's from now on.
  ///
  /// @throws PluginRefusedException if it is not whole, or not what was promised
  public Path finish(long id) {
    var upload = find(id);
    try {
      if (upload.received < upload.size) {
        throw new PluginRefusedException(
            "only %,d of its %,d bytes have come; upload it again"
                .formatted(upload.received, upload.size));
      }
      var sum = sha256(upload.file);
      if (!sum.equalsIgnoreCase(upload.sha256)) {
        throw new PluginRefusedException(
            "its sha256 is %s and not %s; it was changed on its way, upload it again"
                .formatted(sum, upload.sha256));
      }
      open.remove(id);
      return upload.file;
    } catch (PluginRefusedException e) {
      drop(id);
      throw e;
    }
  }

  /// What the file was called by whoever sent it.
  public static String nameOf(Path file) {
    var name = file.getFileName().toString();
    return name.substring(name.indexOf('-') + 1);
  }

  private Upload find(long id) {
    var upload = open.get(id);
    if (upload == null) {
      throw new PluginRefusedException(
          "there is no upload %d, or it was given up after a minute; upload it again"
              .formatted(id));
    }
    return upload;
  }

  private void dropStalled() {
    var now = System.nanoTime();
    open.entrySet().stream()
        .filter(each -> now - each.getValue().lastNanos > PATIENCE.toNanos())
        .map(Map.Entry::getKey)
        .toList()
        .forEach(this::drop);
  }

  private void drop(long id) {
    var upload = open.remove(id);
    try {
      if (upload != null) {
        Files.deleteIfExists(upload.file);
      }
    } catch (IOException _) {
      // It goes with the folder.
    }
  }

  /// The checksum of a file, in hexadecimal digits.
  static String sha256(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      var digest = MessageDigest.getInstance("SHA-256");
      var buffer = new byte[1 << 16];
      for (int read; (read = in.read(buffer)) >= 0; ) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new PluginRefusedException("it cannot be read: " + e.getMessage());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
