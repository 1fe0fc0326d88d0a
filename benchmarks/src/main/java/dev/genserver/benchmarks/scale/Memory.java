package dev.genserver.benchmarks.scale;

import dev.genserver.benchmarks.ResidentSet;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/// What this program takes.
///
/// @param heap bytes in use after a collection
/// @param resident bytes of its resident set, then
record Memory(long heap, long resident) {

  /// Below so many the heap's own steps are all that shows in the resident set.
  private static final int FEW = 100_000;

  private static final int MOST_AGAIN = 10;
  private static final long PAUSE_NANOS = 50_000_000;

  /// Bytes of the heap that come and go all the time.
  private static final int STILL = 10_000;

  /// When what was before is gone: what ends may do so a little later than it says.
  static Memory settled() throws IOException {
    var before = now();
    for (var again = 0; again < MOST_AGAIN; again++) {
      LockSupport.parkNanos(PAUSE_NANOS);
      var after = now();
      if (Math.abs(after.heap - before.heap) < STILL) {
        return after;
      }
      before = after;
    }
    return before;
  }

  static Memory now() throws IOException {
    System.gc();
    var runtime = Runtime.getRuntime();
    var used = runtime.totalMemory() - runtime.freeMemory();
    return new Memory(used, ResidentSet.bytes(ProcessHandle.current().pid()));
  }

  double heapEach(Memory before, int count) {
    return (double) (heap - before.heap) / count;
  }

  /// NaN if that cannot be told.
  double residentEach(Memory before, int count) {
    return count < FEW || resident == 0
        ? Double.NaN
        : (double) (resident - before.resident) / count;
  }
}
