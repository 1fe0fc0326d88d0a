package dev.genserver.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.genserver.examples.kv.KeyValueStore.Call;
import dev.genserver.examples.kv.KeyValueStore.Cast;
import dev.genserver.examples.kv.KeyValueStore.Delete;
import dev.genserver.examples.kv.KeyValueStore.Expire;
import dev.genserver.examples.kv.KeyValueStore.Put;
import dev.genserver.examples.kv.KeyValueStore.PutReply;
import dev.genserver.examples.kv.KeyValueStore.State;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Result;
import dev.genserver.testkit.Effect;
import dev.genserver.testkit.RecordingProcess;
import dev.genserver.testkit.TestFrom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyValueStoreTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final KeyValueStore store = new KeyValueStore();
  private final RecordingProcess process = new RecordingProcess();
  private State state = initial(Args.none());

  @Test
  void putValueIsFoundUntilItIsDeleted() {
    assertThat(call(new Call.Get("a"))).isNull();
    assertThat(call(put("a", Map.of("n", 1)))).isEqualTo(new PutReply.Stored());
    assertThat(call(new Call.Get("a"))).isEqualTo(Map.of("n", 1));

    assertThat(call(new Delete("a"))).isEqualTo(true);
    assertThat(call(new Delete("a"))).isEqualTo(false);
    assertThat(call(new Call.Get("a"))).isNull();
  }

  @Test
  void laterPutReplacesTheValue() {
    cast(put("a", 1));
    cast(put("a", 2));

    assertThat(call(new Call.Get("a"))).isEqualTo(2);
    assertThat(call(new Call.Size())).isEqualTo(1);
  }

  @Test
  void keysAreSorted() {
    cast(put("b", 1));
    cast(put("a", 2));
    cast(put("c", 3));
    cast(new Delete("b"));

    assertThat(call(new Call.Keys())).isEqualTo(List.of("a", "c"));
    assertThat(call(new Call.Size())).isEqualTo(2);
  }

  @Test
  void changeLeavesTheStateFromBeforeAsItWas() {
    cast(put("a", 1));
    var before = state;
    cast(put("b", 2));
    cast(new Delete("a"));

    assertThat(before.entries()).containsOnlyKeys("a");
    assertThat(state.entries()).containsOnlyKeys("b");
  }

  @Test
  void entryExpiresWhenItsTimeIsUp() {
    cast(put("a", 1, MINUTE));
    cast(put("b", 2));

    advance(MINUTE.minusMillis(1));
    assertThat(call(new Call.Get("a"))).isEqualTo(1);

    advance(Duration.ofMillis(1));
    assertThat(call(new Call.Get("a"))).isNull();
    assertThat(call(new Call.Get("b"))).isEqualTo(2);
  }

  @Test
  void replacedOrDeletedEntryLeavesNoTimerBehind() {
    cast(put("a", 1, MINUTE));
    cast(put("b", 1, MINUTE));
    process.clearEffects();
    cast(put("a", 2));
    cast(new Delete("b"));

    assertThat(process.effects())
        .containsExactly(
            new Effect.TimerCancelled(process.self(), new Expire("a", 1)),
            new Effect.TimerCancelled(process.self(), new Expire("b", 2)));
    advance(MINUTE);
    assertThat(call(new Call.Get("a"))).isEqualTo(2);
  }

  @Test
  void renewedEntryLivesForItsNewTime() {
    cast(put("a", 1, MINUTE));
    advance(Duration.ofSeconds(59));
    cast(put("a", 2, MINUTE));

    advance(Duration.ofSeconds(59));
    assertThat(call(new Call.Get("a"))).isEqualTo(2);
    advance(Duration.ofSeconds(1));
    assertThat(call(new Call.Get("a"))).isNull();
  }

  @Test
  void timerThatFiredBeforeItWasCancelledDoesNotEndTheNewEntry() {
    cast(put("a", 1, MINUTE));
    var late = process.advance(MINUTE);
    cast(put("a", 2));
    late.forEach(this::info);

    assertThat(call(new Call.Get("a"))).isEqualTo(2);
  }

  @Test
  void fullStoreRefusesNewKeysAndStillReplacesOldOnes() {
    state = initial(Args.of("max-keys", 2));
    cast(put("a", 1));
    cast(put("b", 2));

    assertThat(call(put("c", 3))).isEqualTo(new PutReply.Full("max-keys is 2"));
    cast(put("c", 3));
    assertThat(call(new Call.Keys())).isEqualTo(List.of("a", "b"));
    assertThat(call(put("b", 4))).isEqualTo(new PutReply.Stored());
  }

  @Test
  void timeToLiveThatIsNotPositiveIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> put("a", 1, Duration.ZERO))
        .withMessage("ttl_ms 0 must be positive");
  }

  @Test
  void maxKeysBelowOneFailsTheStart() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.init(Args.of("max-keys", 0)))
        .withMessageStartingWith("argument 'max-keys' must be from 1");
  }

  @Test
  void statusShowsNoValues() {
    cast(put("a", "secret"));

    assertThat(store.formatStatus(state)).isEqualTo(Map.of("keys", 1, "max_keys", 10_000));
  }

  @Test
  void otherMessagesLeaveTheStateAsItIs() {
    var before = state;
    info(new InfoMessage.Message("hello"));

    assertThat(state).isEqualTo(before);
  }

  private static Put put(String key, Object value) {
    return new Put(key, value, Optional.empty());
  }

  private static Put put(String key, Object value, Duration ttl) {
    return new Put(key, value, Optional.of(ttl.toMillis()));
  }

  private State initial(Args args) {
    return ((Init.Ok<State>) store.init(args)).state();
  }

  private Object call(Call request) {
    var result = process.run(() -> store.handleCall(request, new TestFrom(), state));
    var reply = (CallResult.Reply<State>) result;
    state = reply.state();
    return reply.value();
  }

  private void cast(Cast message) {
    goOn(process.run(() -> store.handleCast(message, state)));
  }

  private void info(InfoMessage message) {
    goOn(process.run(() -> store.handleInfo(message, state)));
  }

  private void advance(Duration time) {
    process.advance(time).forEach(this::info);
  }

  private void goOn(Result<State> result) {
    state = ((Result.NoReply<State>) result).state();
  }
}
