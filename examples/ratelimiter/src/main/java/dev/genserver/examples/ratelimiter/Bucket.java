package dev.genserver.examples.ratelimiter;

import dev.genserver.sdk.From;
import dev.genserver.sdk.TimerRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The tokens under one name, and the callers that wait for some. Immutable.
///
/// @param fullAt when the bucket will be full, or was, in nanoseconds of the server's clock
/// @param line who waits, in the order in which they came
/// @param wakeUp the timer for the first in line
record Bucket(long fullAt, List<Waiter> line, Optional<TimerRef> wakeUp) {

  // Tokens are not counted but measured as time: a bucket that lacks three tokens is full again in
  // three times the time that one takes. So nothing must be added up as time goes by, nothing is
  // rounded, and one number says all. (The field calls this the generic cell rate algorithm.)
  // Instants are compared by their difference only, as System.nanoTime demands.

  /// A caller that waits.
  record Waiter(From from, long tokens) {

    boolean isGone() {
      return !from.isWaiting() || from.remaining().filter(left -> !left.isPositive()).isPresent();
    }
  }

  Bucket {
    line = List.copyOf(line);
  }

  static Bucket full(long now) {
    return new Bucket(now, List.of(), Optional.empty());
  }

  /// Whether it is as good as one that was never used.
  boolean isUnused(long now) {
    return lackingNanos(now) == 0 && line.isEmpty();
  }

  /// The tokens that are there.
  long tokens(Limits limits, long now) {
    return limits.burst() - Math.ceilDiv(lackingNanos(now), limits.nanosPerToken());
  }

  /// How long it takes until so many tokens are there, if none is taken before.
  ///
  /// @param tokens at most the burst
  long nanosUntil(long tokens, Limits limits, long now) {
    return Math.max(0, lackingNanos(now) - (limits.burst() - tokens) * limits.nanosPerToken());
  }

  Bucket take(long tokens, Limits limits, long now) {
    var next = now + lackingNanos(now) + tokens * limits.nanosPerToken();
    return new Bucket(next, line, wakeUp);
  }

  Bucket join(Waiter waiter) {
    var longer = new ArrayList<>(line);
    longer.add(waiter);
    return new Bucket(fullAt, longer, wakeUp);
  }

  Bucket withoutGone() {
    return new Bucket(fullAt, line.stream().filter(waiter -> !waiter.isGone()).toList(), wakeUp);
  }

  /// Lets pass who is first in line and has enough tokens, then the next, in the order of the line:
  /// one who wants few does not overtake one who wants many.
  Bucket serve(Limits limits, long now) {
    var served = withoutGone();
    var passed = 0;
    for (var waiter : served.line) {
      if (served.nanosUntil(waiter.tokens(), limits, now) > 0) {
        break;
      }
      passed++;
      // One who left just now is passed over, and takes no tokens along.
      if (waiter.from().reply(new RateLimiter.AcquireReply.Granted())) {
        served = served.take(waiter.tokens(), limits, now);
      }
    }
    return new Bucket(served.fullAt, served.line.subList(passed, served.line.size()), wakeUp);
  }

  /// When to look again: as soon as the first in line can pass or will have left; never, if nobody
  /// waits.
  Optional<Duration> untilNext(Limits limits, long now) {
    return line.stream().findFirst().map(first -> untilPassOrLeave(first, limits, now));
  }

  Bucket wakeUp(Optional<TimerRef> timer) {
    return new Bucket(fullAt, line, timer);
  }

  private Duration untilPassOrLeave(Waiter first, Limits limits, long now) {
    var pass = Duration.ofNanos(nanosUntil(first.tokens(), limits, now));
    return first.from().remaining().filter(left -> left.compareTo(pass) < 0).orElse(pass);
  }

  private long lackingNanos(long now) {
    return Math.max(0, fullAt - now);
  }
}
