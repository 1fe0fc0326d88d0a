package dev.genserver.daemon.access;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Who has failed to log in lately, by address, and how long such a one has to wait for the answer.
/// Thread-safe.
///
/// The wait doubles with each failure and is forgotten after a minute without one. A login that
/// succeeds is never slowed: behind one address there may be an honest client beside a wrong one.
public final class FailedLogins {

  private static final int MOST_ADDRESSES = 10_000;
  private static final long FORGOTTEN_NANOS = Duration.ofMinutes(1).toNanos();
  private static final long FIRST_MILLIS = 100;
  private static final int MOST_DOUBLINGS = 5; // 3.2 s

  private record Failures(long count, long lastNanos) {}

  private final LongSupplier nanoTime;
  private final Map<InetAddress, Failures> addresses =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Failures> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  public FailedLogins(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /// What one more failure means.
  ///
  /// @param count how many there were lately, this one included
  /// @param delay how long the answer has to wait
  public record Verdict(long count, Duration delay) {

    /// Whether it is to be logged: the first, second, fourth, eighth and so on are, so that whoever
    /// tries again and again does not fill the log.
    public boolean isLogged() {
      return Long.bitCount(count) == 1;
    }
  }

  /// Counts a failure.
  public synchronized Verdict add(InetAddress address) {
    var now = nanoTime.getAsLong();
    var before = addresses.get(address);
    var count =
        before == null || now - before.lastNanos() > FORGOTTEN_NANOS ? 1 : before.count() + 1;
    addresses.put(address, new Failures(count, now));
    var doublings = (int) Math.min(count - 1, MOST_DOUBLINGS);
    return new Verdict(count, Duration.ofMillis(FIRST_MILLIS << doublings));
  }
}
