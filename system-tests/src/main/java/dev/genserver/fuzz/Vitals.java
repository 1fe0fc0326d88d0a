package dev.genserver.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// What a daemon takes up, with its garbage collected.
///
/// @param heapKb of the Java heap
/// @param residentKb of memory in all, as the system counts it
/// @param files how many files and sockets are open
/// @param threads of the operating system
record Vitals(long heapKb, long residentKb, int files, int threads) {

  private static final Pattern HEAP = Pattern.compile("used (\\d+)K");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  /// Measures the JVM with this process id.
  static Vitals of(long pid) throws IOException, InterruptedException {
    var process = Path.of("/proc", String.valueOf(pid));
    jcmd(pid, "GC.run");
    return new Vitals(
        number(HEAP, jcmd(pid, "GC.heap_info")),
        number(RESIDENT, Files.readString(process.resolve("status"))),
        count(process.resolve("fd")),
        count(process.resolve("task")));
  }

  static int files(long pid) throws IOException {
    return count(Path.of("/proc", String.valueOf(pid), "fd"));
  }

  private static String jcmd(long pid, String command) throws IOException, InterruptedException {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var process =
        new ProcessBuilder(jcmd, String.valueOf(pid), command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  private static long number(Pattern pattern, String text) throws IOException {
    var found = pattern.matcher(text);
    if (!found.find()) {
      throw new IOException("no '%s' in: %s".formatted(pattern, text));
    }
    return Long.parseLong(found.group(1));
  }

  private static int count(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return (int) files.count();
    }
  }

  @Override
  public String toString() {
    return "heap %,d KiB, resident %,d KiB, %d files, %d threads"
        .formatted(heapKb, residentKb, files, threads);
  }
}
