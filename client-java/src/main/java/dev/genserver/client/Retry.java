package dev.genserver.client;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import java.time.Duration;

/// Which failures a client answers by asking again, by itself.
///
/// Only what no process has seen is ever sent again: nothing is executed twice for it. The attempts
/// share the caller's timeout. The last failure says in its text, and as `attempts` in its details,
/// how many were made, if there were more than one.
///
/// It is for calls and for casts that are confirmed.
public final class Retry {

  private static final Retry NONE =
      new Retry(1, new Backoff(Duration.ofMillis(1), Duration.ofMillis(1)), false);

  private final int maxAttempts;
  private final Backoff backoff;
  private final boolean noProcess;

  private Retry(int maxAttempts, Backoff backoff, boolean noProcess) {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("maxAttempts " + maxAttempts + " must be at least 1");
    }
    this.maxAttempts = maxAttempts;
    this.backoff = backoff;
    this.noProcess = noProcess;
  }

  /// Every failure is the caller's to deal with.
  public static Retry none() {
    return NONE;
  }

  /// Asks again where the daemon or the process was `overloaded` or `unavailable`, or there was no
  /// connection, and nothing was executed.
  ///
  /// @param maxAttempts the first one included; at least 1
  /// @param backoff how long to wait in between
  public static Retry unexecuted(int maxAttempts, Backoff backoff) {
    return new Retry(maxAttempts, backoff, false);
  }

  /// The same, and also where no process had the name: for those that are being restarted.
  public Retry andNoProcess() {
    return new Retry(maxAttempts, backoff, true);
  }

  /// Whether to ask again after so many attempts, of which the last ended like this.
  boolean isWorth(Outcome outcome, int attempts) {
    var error = outcome.wireError();
    return error != null
        && attempts < maxAttempts
        && error.executed() == Executed.NO
        && isPassing(error.code());
  }

  private boolean isPassing(ErrorCode code) {
    return code == ErrorCode.OVERLOADED
        || code == ErrorCode.UNAVAILABLE
        || (noProcess && code == ErrorCode.NOPROC);
  }

  /// How long to wait after so many attempts, in nanoseconds.
  long pause(int attempts, double random) {
    return backoff.nanos(attempts, random);
  }

  @Override
  public String toString() {
    return maxAttempts == 1
        ? "Retry[none]"
        : "Retry[maxAttempts=%d, backoff=%s, noProcess=%b]"
            .formatted(maxAttempts, backoff, noProcess);
  }
}
