package dev.genserver.benchmarks.scale;

/// How many of something there are a second.
final class Rate {

  private static final double SECOND = 1e9;

  private Rate() {}

  /// @param since when the first began, as [System#nanoTime] tells
  static double since(long since, long count) {
    return count / secondsSince(since);
  }

  static double secondsSince(long since) {
    return (System.nanoTime() - since) / SECOND;
  }
}
