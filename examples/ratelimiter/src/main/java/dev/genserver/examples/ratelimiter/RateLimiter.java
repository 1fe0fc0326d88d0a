package dev.genserver.examples.ratelimiter;

import dev.genserver.examples.ratelimiter.Bucket.Waiter;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Result;
import dev.genserver.sdk.TimerRef;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Limits how often things are done: who calls `acquire` waits until its token is there, first
/// come, first served, for as long as its own timeout lets it. One that leaves early takes no token
/// along.
///
/// A bucket is full when it is first named. [Limits] lists the arguments. Takes no casts.
public final class RateLimiter extends GenServer<RateLimiter.State, RateLimiter.Call, Void> {

  /// What is limited. Immutable.
  ///
  /// @param buckets by name; one that is not here is full
  public record State(Limits limits, Map<String, Bucket> buckets) {

    Bucket bucket(String name, long now) {
      return buckets.getOrDefault(name, Bucket.full(now));
    }

    State with(String name, Bucket bucket, long now) {
      var next = new HashMap<>(buckets);
      if (bucket.isUnused(now)) {
        next.remove(name);
      } else {
        next.put(name, bucket);
      }
      return new State(limits, Collections.unmodifiableMap(next));
    }

    boolean hasRoomFor(String name) {
      return buckets.size() < limits.maxBuckets() || buckets.containsKey(name);
    }

    State withoutUnused(long now) {
      var next = new HashMap<>(buckets);
      next.values().removeIf(bucket -> bucket.isUnused(now));
      return new State(limits, Collections.unmodifiableMap(next));
    }
  }

  public sealed interface Call {
    /// Waits for the tokens, then replies an [AcquireReply].
    ///
    /// @param tokens how many, 1 if not said
    record Acquire(String bucket, Optional<Long> tokens) implements Call {
      public Acquire {
        requirePositive(tokens);
      }
    }

    /// Replies at once whether it got the tokens: true only if they are there and nobody waits.
    ///
    /// @param tokens how many, 1 if not said
    record TryAcquire(String bucket, Optional<Long> tokens) implements Call {
      public TryAcquire {
        requirePositive(tokens);
      }
    }

    /// Replies a [BucketStatus].
    record Status(String bucket) implements Call {}
  }

  public sealed interface AcquireReply {
    record Granted() implements AcquireReply {}

    /// Waiting is of no use, or there is no room for it.
    record Refused(String message) implements AcquireReply {}
  }

  /// How many tokens are there, and how many callers wait.
  public record BucketStatus(long tokens, int waiting) {}

  /// The first in line at this bucket can pass, or has left.
  record WakeUp(String bucket) {}

  private final LongSupplier nanoTime;

  public RateLimiter() {
    this(System::nanoTime);
  }

  /// @param nanoTime the clock, as [System#nanoTime] has it
  RateLimiter(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public Init<State> init(Args args) {
    return ok(new State(Limits.of(args), Map.of()));
  }

  @Override
  public CallResult<State> handleCall(Call request, From from, State state) {
    var now = nanoTime.getAsLong();
    return switch (request) {
      case Call.Acquire acquire -> acquire(acquire, from, state, now);
      case Call.TryAcquire acquire -> tryAcquire(acquire, state, now);
      case Call.Status(String name) -> reply(status(state.bucket(name, now), state, now), state);
    };
  }

  @Override
  public Result<State> handleInfo(InfoMessage message, State state) {
    return switch (message) {
      case InfoMessage.Message(WakeUp(String name)) -> {
        var now = nanoTime.getAsLong();
        yield noReply(serve(name, state.bucket(name, now), state, now));
      }
      case InfoMessage other -> super.handleInfo(other, state);
    };
  }

  /// Shows no callers: there may be very many.
  @Override
  public Object formatStatus(State state) {
    return Map.of("limits", state.limits(), "buckets", state.buckets().size());
  }

  private static CallResult<State> acquire(
      Call.Acquire request, From from, State before, long now) {
    var name = request.bucket();
    var tokens = request.tokens().orElse(1L);
    var limits = before.limits();
    if (tokens > limits.burst()) {
      var why = "%d tokens never come together: burst is %d".formatted(tokens, limits.burst());
      return reply(new AcquireReply.Refused(why), before);
    }
    var state = makeRoom(name, before, now);
    if (!state.hasRoomFor(name)) {
      var why = "too many buckets: max-buckets is %d".formatted(limits.maxBuckets());
      return reply(new AcquireReply.Refused(why), state);
    }
    var bucket = state.bucket(name, now).withoutGone();
    if (bucket.line().size() >= limits.maxWaiting()) {
      var why = "too many callers wait: max-waiting is %d".formatted(limits.maxWaiting());
      return reply(new AcquireReply.Refused(why), state);
    }
    return noReply(serve(name, bucket.join(new Waiter(from, tokens)), state, now));
  }

  private static CallResult<State> tryAcquire(Call.TryAcquire request, State before, long now) {
    var name = request.bucket();
    var tokens = request.tokens().orElse(1L);
    var limits = before.limits();
    var state = makeRoom(name, before, now);
    if (tokens > limits.burst() || !state.hasRoomFor(name)) {
      return reply(false, state);
    }
    var served = serve(name, state.bucket(name, now), state, now);
    var bucket = served.bucket(name, now);
    return bucket.line().isEmpty() && bucket.nanosUntil(tokens, limits, now) == 0
        ? reply(true, served.with(name, bucket.take(tokens, limits, now), now))
        : reply(false, served);
  }

  private static BucketStatus status(Bucket bucket, State state, long now) {
    return new BucketStatus(bucket.tokens(state.limits(), now), bucket.withoutGone().line().size());
  }

  /// Lets pass who can, and sets the timer for who is first in line then.
  private static State serve(String name, Bucket bucket, State state, long now) {
    bucket.wakeUp().ifPresent(TimerRef::cancel);
    var served = bucket.serve(state.limits(), now);
    var timer =
        served
            .untilNext(state.limits(), now)
            .map(delay -> process().sendAfter(self(), new WakeUp(name), delay));
    return state.with(name, served.wakeUp(timer), now);
  }

  /// Callers choose the names of buckets, so their number has a bound; what has filled up meanwhile
  /// is forgotten only when the room is needed.
  private static State makeRoom(String name, State state, long now) {
    return state.hasRoomFor(name) ? state : state.withoutUnused(now);
  }

  private static void requirePositive(Optional<Long> tokens) {
    if (tokens.isPresent() && tokens.get() < 1) {
      throw new IllegalArgumentException("tokens " + tokens.get() + " must be at least 1");
    }
  }
}
