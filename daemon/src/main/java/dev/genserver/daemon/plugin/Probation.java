package dev.genserver.daemon.plugin;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The time after an upgrade in which the new version is watched. Thread-safe.
public final class Probation {

  /// How it ended.
  public sealed interface Outcome {

    /// The new version stays.
    record Passed() implements Outcome {}

    /// The version before is back.
    record RolledBack(String reason, Upgraded report) implements Outcome {}

    /// The version before should be back, and cannot.
    record Stuck(String reason, String problem) implements Outcome {}

    /// The plugin was upgraded, rolled back or removed meanwhile.
    record Superseded() implements Outcome {}
  }

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final long begin = System.nanoTime();
  private final Duration time;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private volatile @Nullable String reported;

  private Probation(Duration time) {
    this.time = time;
  }

  /// Begins to watch.
  ///
  /// @param time for how long; zero for as long as nothing else happens to the plugin
  /// @param failure why the new version has failed, if it has
  /// @param passed invoked when the time is over
  /// @param failed invoked with the reason if the version fails; gives what came of that
  static Probation begin(
      Duration time,
      Supplier<Optional<String>> failure,
      Runnable passed,
      BiFunction<Probation, String, Outcome> failed) {
    var probation = new Probation(time);
    Thread.ofVirtual().name("probation").start(() -> probation.watch(failure, passed, failed));
    return probation;
  }

  private void watch(
      Supplier<Optional<String>> failure,
      Runnable passed,
      BiFunction<Probation, String, Outcome> failed) {
    while (lasts(Duration.ZERO)) {
      var reason = Optional.ofNullable(reported).or(failure);
      if (reason.isPresent()) {
        outcome.complete(failed.apply(this, reason.get()));
        return;
      }
      if (!time.isZero() && left().isZero()) {
        passed.run();
        outcome.complete(new Outcome.Passed());
        return;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /// Waits for a while, as long as it lasts.
  ///
  /// @return whether it lasts still
  public boolean lasts(Duration wait) {
    var end = System.nanoTime() + wait.toNanos();
    while (!isOver() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    return !isOver();
  }

  /// The new version has failed in another way.
  void fail(String reason) {
    reported = reason;
  }

  /// What is left of it; zero for one without an end.
  public Duration left() {
    var left = time.minusNanos(System.nanoTime() - begin);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /// Whether it has ended.
  public boolean isOver() {
    return outcome.isDone();
  }

  /// Ends it, as something else happens to the plugin.
  void supersede() {
    outcome.complete(new Outcome.Superseded());
  }

  /// How it ended; null if it lasts.
  public @Nullable Outcome outcome() {
    return outcome.getNow(null);
  }
}
