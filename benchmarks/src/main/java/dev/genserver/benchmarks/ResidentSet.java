package dev.genserver.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The memory that the system has given to a program, and that is not swapped out.
public final class ResidentSet {

  private static final int KIB = 1024;

  private ResidentSet() {}

  /// In bytes; 0 where /proc does not tell.
  public static long bytes(long pid) throws IOException {
    var status = Path.of("/proc/" + pid + "/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
        .findFirst()
        .orElse(0);
  }
}
