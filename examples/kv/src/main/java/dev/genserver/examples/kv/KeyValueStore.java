package dev.genserver.examples.kv;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Result;
import dev.genserver.sdk.TimerRef;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Keeps values by key, each for ever or for a time.
///
/// Holds at most `max-keys` keys (argument, default 10,000). How large a value may be, the limit of
/// a frame decides. Nothing survives the end of the process.
public final class KeyValueStore
    extends GenServer<KeyValueStore.State, KeyValueStore.Call, KeyValueStore.Cast> {

  /// What is stored. Immutable.
  ///
  /// Each change copies the map, so that the state from before stays whole. That takes time in
  /// proportion to the number of keys, tens of nanoseconds each: fair for thousands, which is why
  /// `max-keys` has a default. For more, take a persistent map from a library, which shares what
  /// has not changed.
  ///
  /// @param version of the entry that was put last
  public record State(int maxKeys, Map<String, Entry> entries, long version) {

    boolean hasRoomFor(String key) {
      return entries.size() < maxKeys || entries.containsKey(key);
    }

    State with(String key, Entry entry) {
      var next = new HashMap<>(entries);
      next.put(key, entry);
      return new State(maxKeys, Collections.unmodifiableMap(next), entry.version());
    }

    State without(String key) {
      if (!entries.containsKey(key)) {
        return this;
      }
      var next = new HashMap<>(entries);
      next.remove(key);
      return new State(maxKeys, Collections.unmodifiableMap(next), version);
    }
  }

  /// A value and when it ends.
  ///
  /// @param version tells this entry from an earlier one under the same key
  /// @param expiry the timer that ends it, if it has one
  public record Entry(Object value, long version, Optional<TimerRef> expiry) {}

  public sealed interface Call {
    /// Replies the value, or null.
    record Get(String key) implements Call {}

    /// Replies the keys in alphabetical order.
    record Keys() implements Call {}

    /// Replies the number of keys.
    record Size() implements Call {}
  }

  public sealed interface Cast {}

  /// Puts a value in place of an earlier one. Called, it replies a [PutReply]; cast, it is dropped
  /// where the store is full.
  ///
  /// @param ttlMs milliseconds until the entry expires, positive; for ever if there is none
  public record Put(String key, Object value, Optional<Long> ttlMs) implements Call, Cast {
    public Put {
      if (ttlMs.isPresent() && ttlMs.get() <= 0) {
        throw new IllegalArgumentException("ttl_ms " + ttlMs.get() + " must be positive");
      }
    }
  }

  /// Takes an entry away. Called, it replies whether there was one.
  public record Delete(String key) implements Call, Cast {}

  public sealed interface PutReply {
    record Stored() implements PutReply {}

    record Full(String message) implements PutReply {}
  }

  /// The time of the entry with this version is up.
  record Expire(String key, long version) {}

  @Override
  public Init<State> init(Args args) {
    var maxKeys = args.longOr("max-keys", 10_000);
    if (maxKeys < 1 || maxKeys > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "argument 'max-keys' must be from 1 to " + Integer.MAX_VALUE + ", is " + maxKeys);
    }
    return ok(new State((int) maxKeys, Map.of(), 0));
  }

  @Override
  public CallResult<State> handleCall(Call request, From from, State state) {
    return switch (request) {
      case Call.Get(String key) -> reply(value(key, state), state);
      case Call.Keys() -> reply(state.entries().keySet().stream().sorted().toList(), state);
      case Call.Size() -> reply(state.entries().size(), state);
      case Put put when state.hasRoomFor(put.key()) ->
          reply(new PutReply.Stored(), put(put, state));
      case Put _ -> reply(new PutReply.Full("max-keys is " + state.maxKeys()), state);
      case Delete(String key) -> reply(state.entries().containsKey(key), delete(key, state));
    };
  }

  @Override
  public Result<State> handleCast(Cast message, State state) {
    return switch (message) {
      case Put put when state.hasRoomFor(put.key()) -> noReply(put(put, state));
      case Put _ -> noReply(state);
      case Delete(String key) -> noReply(delete(key, state));
    };
  }

  @Override
  public Result<State> handleInfo(InfoMessage message, State state) {
    return switch (message) {
      case InfoMessage.Message(Expire expire) -> noReply(expire(expire, state));
      case InfoMessage other -> super.handleInfo(other, state);
    };
  }

  /// Shows how much is stored, not what: values may be secrets.
  @Override
  public Object formatStatus(State state) {
    return Map.of("keys", state.entries().size(), "max_keys", state.maxKeys());
  }

  private static @Nullable Object value(String key, State state) {
    var entry = state.entries().get(key);
    return entry == null ? null : entry.value();
  }

  private static State put(Put put, State state) {
    cancelExpiry(put.key(), state);
    var version = state.version() + 1;
    var expiry = put.ttlMs().map(millis -> expireAfter(millis, new Expire(put.key(), version)));
    return state.with(put.key(), new Entry(put.value(), version, expiry));
  }

  private static State delete(String key, State state) {
    cancelExpiry(key, state);
    return state.without(key);
  }

  /// A timer that was cancelled too late leaves its message in the mailbox; its version says that
  /// it is not for the entry of now.
  private static State expire(Expire expire, State state) {
    var entry = state.entries().get(expire.key());
    var isCurrent = entry != null && entry.version() == expire.version();
    return isCurrent ? state.without(expire.key()) : state;
  }

  private static TimerRef expireAfter(long millis, Expire expire) {
    return process().sendAfter(self(), expire, Duration.ofMillis(millis));
  }

  /// Without it a key that is put often, with a long time to live, would pile up timers.
  private static void cancelExpiry(String key, State state) {
    var entry = state.entries().get(key);
    if (entry != null) {
      entry.expiry().ifPresent(TimerRef::cancel);
    }
  }
}
