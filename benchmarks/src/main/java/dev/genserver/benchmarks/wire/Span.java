package dev.genserver.benchmarks.wire;

/// How long something is measured.
///
/// @param warmUp seconds before that in which the same is done and nothing counts
public record Span(double warmUp, double seconds) {

  static long nanos(double seconds) {
    return (long) (seconds * 1e9);
  }
}
