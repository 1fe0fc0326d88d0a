package dev.genserver.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How often the threads of a program had or lost a processor.
final class ContextSwitches {

  private static final String LINE = "(non)?voluntary_ctxt_switches:\\t";

  private ContextSwitches() {}

  /// Of its threads that still live; 0 where /proc does not tell.
  static long of(long pid) throws IOException {
    var tasks = Path.of("/proc", Long.toString(pid), "task");
    if (!Files.isDirectory(tasks)) {
      return 0;
    }
    var sum = 0L;
    try (var all = Files.newDirectoryStream(tasks)) {
      for (var task : all) {
        sum += ofThread(task.resolve("status"));
      }
    }
    return sum;
  }

  private static long ofThread(Path status) {
    try {
      return Files.readString(status)
          .lines()
          .filter(line -> line.matches(LINE + "\\d+"))
          .mapToLong(line -> Long.parseLong(line.replaceFirst(LINE, "")))
          .sum();
    } catch (IOException _) {
      return 0; // it has ended
    }
  }
}
