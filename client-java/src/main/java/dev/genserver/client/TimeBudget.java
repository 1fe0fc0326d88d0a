package dev.genserver.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How much time the work of a thread has left, for services that are called themselves: what they
/// ask within it takes no longer than whoever asked them waits.
///
/// ```java
/// try (var within = TimeBudget.of(left)) {
///   client.call("stock", new Reserve(item), Reserved.class);
/// }
/// ```
///
/// Each request that the thread makes within, blocking or not, takes the lesser of its timeout and
/// of what is left when it begins; once nothing is, it is not sent and fails with
/// [CallTimeoutException], executed `no`. Budgets nest, and an inner one never has more than the
/// outer one. Other threads do not see it: give them `TimeBudget.of(budget.left())`.
///
/// To be closed by the thread that made it, the inner one first, as try-with-resources does.
public final class TimeBudget implements AutoCloseable {

  private static final ThreadLocal<@Nullable TimeBudget> CURRENT = new ThreadLocal<>();

  private final @Nullable TimeBudget outer;
  private final long end; // by System.nanoTime

  private TimeBudget(@Nullable TimeBudget outer, long end) {
    this.outer = outer;
    this.end = end;
  }

  /// Begins a budget of this thread's.
  ///
  /// @param left none is left if it is not positive
  public static TimeBudget of(Duration left) {
    var outer = CURRENT.get();
    long most = outer == null ? Long.MAX_VALUE / 2 : outer.nanosLeft();
    long nanos = left.compareTo(Duration.ofNanos(most)) < 0 ? left.toNanos() : most;
    var budget = new TimeBudget(outer, System.nanoTime() + nanos);
    CURRENT.set(budget);
    return budget;
  }

  /// What is left; not negative.
  public Duration left() {
    return Duration.ofNanos(Math.max(0, nanosLeft()));
  }

  /// The time that the calling thread has for a request which may take so long.
  static Deadline deadline(Duration timeout) {
    var deadline = Deadline.after(timeout);
    var budget = CURRENT.get();
    return budget == null ? deadline : deadline.within(budget.nanosLeft());
  }

  private long nanosLeft() {
    return end - System.nanoTime();
  }

  @Override
  public void close() {
    if (CURRENT.get() != this) {
      throw new IllegalStateException(
          "a time budget is closed by the thread that made it, the inner one first");
    }
    if (outer == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(outer);
    }
  }
}
