package dev.genserver.examples.ratelimiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.genserver.examples.ratelimiter.RateLimiter.AcquireReply.Granted;
import dev.genserver.examples.ratelimiter.RateLimiter.AcquireReply.Refused;
import dev.genserver.examples.ratelimiter.RateLimiter.BucketStatus;
import dev.genserver.examples.ratelimiter.RateLimiter.Call;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.From;
import dev.genserver.sdk.Pid;
import dev.genserver.testkit.Effect;
import dev.genserver.testkit.TestFrom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimiterTest {

  /// Ten tokens a second, two at once.
  private static final Args ARGS = Args.of("rate", 10).with("burst", 2);

  private static final Duration ONE_TOKEN = Duration.ofMillis(100);

  private RateLimiterRun limiter = new RateLimiterRun(ARGS);

  @Test
  void burstIsGrantedAtOnceAndThenOneTokenAtATime() {
    assertThat(limiter.acquire("mail").answer()).isEqualTo(new Granted());
    assertThat(limiter.acquire("mail").answer()).isEqualTo(new Granted());
    var third = limiter.acquire("mail");
    var fourth = limiter.acquire("mail");

    limiter.advance(ONE_TOKEN.minusNanos(1));
    assertThat(third.isAnswered()).isFalse();
    limiter.advance(Duration.ofNanos(1));
    assertThat(third.answer()).isEqualTo(new Granted());
    assertThat(fourth.isAnswered()).isFalse();
    limiter.advance(ONE_TOKEN);
    assertThat(fourth.answer()).isEqualTo(new Granted());
  }

  @Test
  void bucketsDoNotShareTheirTokens() {
    limiter.acquire("mail", 2);

    assertThat(limiter.acquire("sms", 2).isAnswered()).isTrue();
  }

  @Test
  void tokensAreSavedOnlyUpToTheBurst() {
    limiter.acquire("mail", 2);
    limiter.advance(Duration.ofHours(1));

    assertThat(limiter.acquire("mail", 2).isAnswered()).isTrue();
    assertThat(limiter.acquire("mail", 1).isAnswered()).isFalse();
  }

  @Test
  void oneWhoWantsFewDoesNotOvertakeOneWhoWantsMany() {
    limiter.acquire("mail", 1);
    var many = limiter.acquire("mail", 2);
    var few = limiter.acquire("mail", 1);

    assertThat(few.isAnswered()).isFalse();
    assertThat(limiter.call(new Call.TryAcquire("mail", Optional.empty()))).isEqualTo(false);
    limiter.advance(ONE_TOKEN);
    assertThat(many.isAnswered()).isTrue();
    assertThat(few.isAnswered()).isFalse();
    limiter.advance(ONE_TOKEN);
    assertThat(few.isAnswered()).isTrue();
  }

  @Test
  void callerThatLeftTakesNoTokenAlong() {
    limiter.acquire("mail", 2);
    var left = limiter.acquire("mail");
    var patient = limiter.acquire("mail");
    left.leave();

    limiter.advance(ONE_TOKEN);
    assertThat(left.isAnswered()).isFalse();
    assertThat(patient.isAnswered()).isTrue();
  }

  @Test
  void callerThatLeavesInTheLastMomentTakesNoTokenAlong() {
    limiter.acquire("mail", 2);
    limiter.handle(new Call.Acquire("mail", Optional.empty()), new LeavingFrom());
    var next = limiter.acquire("mail");

    limiter.advance(ONE_TOKEN);
    assertThat(next.isAnswered()).isTrue();
  }

  @Test
  void nextInLineIsServedAsSoonAsTheFirstHasRunOutOfTime() {
    limiter.acquire("mail", 2);
    var hasty = new TestFrom().remaining(Duration.ofMillis(120));
    limiter.handle(new Call.Acquire("mail", Optional.of(2L)), hasty);
    var next = limiter.acquire("mail");

    assertThat(limiter.process().effects())
        .endsWith(timerSet(limiter, "mail", Duration.ofMillis(120)));
    hasty.remaining(Duration.ZERO);
    limiter.advance(Duration.ofMillis(120));
    assertThat(hasty.isAnswered()).isFalse();
    assertThat(next.isAnswered()).isTrue();
  }

  @Test
  void oneTimerIsSetWhileSomebodyWaitsAndNoneAfterThat() {
    limiter.acquire("mail", 2);
    limiter.acquire("mail");
    limiter.acquire("mail");
    var set =
        limiter.process().effects().stream().filter(Effect.TimerSet.class::isInstance).count();
    var cancelled =
        limiter.process().effects().stream()
            .filter(Effect.TimerCancelled.class::isInstance)
            .count();
    assertThat(set - cancelled).isEqualTo(1);

    limiter.advance(ONE_TOKEN);
    limiter.advance(ONE_TOKEN);
    assertThat(limiter.process().advance(Duration.ofDays(1))).isEmpty();
  }

  @Test
  void timerThatFiredBeforeItWasCancelledGrantsNothingTwice() {
    limiter.acquire("mail", 2);
    var third = limiter.acquire("mail");
    var late = limiter.process().advance(ONE_TOKEN);
    var fourth = limiter.acquire("mail");
    assertThat(third.isAnswered()).isTrue();
    late.forEach(limiter::info);

    assertThat(fourth.isAnswered()).isFalse();
  }

  @Test
  void tryAcquireAnswersAtOnce() {
    assertThat(limiter.call(new Call.TryAcquire("mail", Optional.of(2L)))).isEqualTo(true);
    assertThat(limiter.call(new Call.TryAcquire("mail", Optional.empty()))).isEqualTo(false);
    assertThat(limiter.call(new Call.TryAcquire("mail", Optional.of(3L)))).isEqualTo(false);

    limiter.advance(ONE_TOKEN);
    assertThat(limiter.call(new Call.TryAcquire("mail", Optional.empty()))).isEqualTo(true);
  }

  @Test
  void statusTellsWholeTokensAndWhoStillWaits() {
    assertThat(limiter.call(new Call.Status("mail"))).isEqualTo(new BucketStatus(2, 0));

    limiter.acquire("mail", 2);
    limiter.acquire("mail");
    limiter.acquire("mail").leave();
    assertThat(limiter.call(new Call.Status("mail"))).isEqualTo(new BucketStatus(0, 1));

    limiter.advance(ONE_TOKEN.multipliedBy(2).plusMillis(50));
    assertThat(limiter.call(new Call.Status("mail"))).isEqualTo(new BucketStatus(1, 0));
  }

  @Test
  void moreThanTheBurstIsRefusedSinceItNeverComes() {
    assertThat(limiter.acquire("mail", 3).answer())
        .isEqualTo(new Refused("3 tokens never come together: burst is 2"));
  }

  @Test
  void lineIsBoundedAndThoseWhoLeftDoNotCount() {
    limiter = new RateLimiterRun(ARGS.with("max-waiting", 1));
    limiter.acquire("mail", 2);
    var waiting = limiter.acquire("mail");

    assertThat(limiter.acquire("mail").answer())
        .isEqualTo(new Refused("too many callers wait: max-waiting is 1"));
    waiting.leave();
    assertThat(limiter.acquire("mail").isAnswered()).isFalse();
  }

  @Test
  void bucketsAreBoundedAndThoseThatFilledUpMakeRoom() {
    limiter = new RateLimiterRun(ARGS.with("max-buckets", 1));
    limiter.acquire("mail", 2);

    assertThat(limiter.acquire("sms").answer())
        .isEqualTo(new Refused("too many buckets: max-buckets is 1"));
    assertThat(limiter.call(new Call.TryAcquire("sms", Optional.empty()))).isEqualTo(false);
    limiter.advance(ONE_TOKEN.multipliedBy(2));
    assertThat(limiter.acquire("sms").answer()).isEqualTo(new Granted());
    assertThat(limiter.state().buckets()).containsOnlyKeys("sms");
  }

  @Test
  void tokensBelowOneAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Call.Acquire("mail", Optional.of(0L)))
        .withMessage("tokens 0 must be at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Call.TryAcquire("mail", Optional.of(-1L)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 0.0009, 2e9, Double.NaN, Double.POSITIVE_INFINITY})
  void rateOutOfRangeFailsTheStart(double rate) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RateLimiter().init(Args.of("rate", rate)))
        .withMessage("argument 'rate' must be from 0.001 to 1e9, is " + rate);
  }

  @ParameterizedTest
  @ValueSource(strings = {"burst", "max-waiting", "max-buckets"})
  void otherArgumentsOutOfRangeFailTheStart(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RateLimiter().init(Args.of(name, 0)))
        .withMessage("argument '" + name + "' must be from 1 to 1,000,000, is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RateLimiter().init(Args.of(name, 1_000_001)));
  }

  @Test
  void largestLimitsCanBeCounted() {
    limiter = new RateLimiterRun(Args.of("rate", 0.001).with("burst", 1_000_000));
    limiter.acquire("slow", 1_000_000);
    limiter.acquire("slow", 1_000_000);

    assertThat(limiter.process().effects())
        .endsWith(timerSet(limiter, "slow", Duration.ofSeconds(1_000_000_000)));
  }

  /// Seems to wait, but has left when the reply comes.
  private static final class LeavingFrom implements From {
    @Override
    public boolean reply(Object value) {
      return false;
    }

    @Override
    public boolean isWaiting() {
      return true;
    }

    @Override
    public Optional<Duration> remaining() {
      return Optional.empty();
    }

    @Override
    public Optional<Pid> caller() {
      return Optional.empty();
    }

    @Override
    public Map<String, String> meta() {
      return Map.of();
    }
  }

  private static Effect timerSet(RateLimiterRun run, String bucket, Duration delay) {
    return new Effect.TimerSet(run.process().self(), new RateLimiter.WakeUp(bucket), delay);
  }
}
