package dev.genserver.benchmarks.scale;

import java.util.List;

/// How many of what.
///
/// @param processes live at once, one number after the other
/// @param casts how many are handled in one measurement
/// @param children that are killed at once, one number after the other
/// @param timers pending at once, one number after the other
/// @param spawned in one measurement of first calls
/// @param seconds for each measurement that could go on for ever
/// @param queued requests in a mailbox
record Sizes(
    List<Integer> processes,
    int casts,
    List<Integer> children,
    List<Integer> timers,
    int spawned,
    double seconds,
    int connections,
    int queued) {

  private static final int K = 1_000;
  private static final int MILLION = K * K;

  static Sizes full() {
    return new Sizes(
        List.of(K, 10 * K, 100 * K, MILLION),
        4 * MILLION,
        List.of(K, 10 * K, 100 * K),
        List.of(10 * K, 100 * K, MILLION),
        200 * K,
        2,
        10 * K,
        9 * K);
  }

  /// To see that it works: the figures say nothing.
  static Sizes quick() {
    return new Sizes(
        List.of(K, 5 * K), 100 * K, List.of(K), List.of(K, 10 * K), 5 * K, 0.2, 200, 500);
  }
}
