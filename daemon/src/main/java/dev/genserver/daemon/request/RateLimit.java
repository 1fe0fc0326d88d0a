package dev.genserver.daemon.request;

import java.util.function.LongSupplier;

/// So many a second, and as many at once after a quiet second. Thread-safe.
public final class RateLimit {

  private static final long SECOND = 1_000_000_000L;

  private final LongSupplier nanoTime;
  private final long nanosEach;
  private long paidUntil;

  /// @param perSecond positive
  public RateLimit(int perSecond, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.nanosEach = SECOND / perSecond;
    this.paidUntil = nanoTime.getAsLong() - SECOND;
  }

  /// Takes one.
  ///
  /// @return how long to wait before the next, in nanoseconds; not positive if there is no need to
  public synchronized long take() {
    var now = nanoTime.getAsLong();
    forgetOld(now);
    paidUntil += nanosEach;
    return paidUntil - now;
  }

  /// Takes one if it is there.
  public synchronized boolean tryTake() {
    var now = nanoTime.getAsLong();
    forgetOld(now);
    if (paidUntil + nanosEach - now > 0) {
      return false;
    }
    paidUntil += nanosEach;
    return true;
  }

  /// What was not taken for more than a second is lost.
  private void forgetOld(long now) {
    if (paidUntil - (now - SECOND) < 0) {
      paidUntil = now - SECOND;
    }
  }
}
