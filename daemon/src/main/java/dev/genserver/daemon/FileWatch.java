package dev.genserver.daemon;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Notices when files change, and those in folders, and runs a task then; soon, and once for many
/// changes at a time.
///
/// Looks once a second instead of asking the file system to tell: that works for mounted secrets,
/// which are changed by turning a link, as for everything else.
final class FileWatch implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(FileWatch.class.getName());

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final List<Path> paths;
  private final Runnable changed;
  private final Thread thread;

  private FileWatch(List<Path> paths, Runnable changed) {
    this.paths = List.copyOf(paths);
    this.changed = changed;
    var before = look();
    this.thread = Thread.ofVirtual().name("file-watch").unstarted(() -> watch(before));
  }

  /// Begins to watch; what was changed before is not told.
  static FileWatch of(List<Path> paths, Runnable changed) {
    var watch = new FileWatch(paths, changed);
    watch.thread.start();
    return watch;
  }

  private void watch(List<String> first) {
    var before = first;
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        var now = look();
        if (!now.equals(before)) {
          before = now;
          changed.run();
        }
      }
    } catch (InterruptedException _) {
      // Closed.
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "files are watched no longer; restart the daemon: " + paths, e);
    }
  }

  private List<String> look() {
    var seen = new ArrayList<String>();
    for (var path : paths) {
      seen.add(look(path));
      if (Files.isDirectory(path)) {
        try (var files = Files.newDirectoryStream(path)) {
          files.forEach(file -> seen.add(look(file)));
        } catch (IOException e) {
          seen.add(e.toString());
        }
      }
    }
    return seen;
  }

  private static String look(Path path) {
    try {
      var file = Files.readAttributes(path, BasicFileAttributes.class);
      return path + " " + file.lastModifiedTime() + " " + file.size() + " " + file.fileKey();
    } catch (IOException e) {
      return path + " " + e;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
