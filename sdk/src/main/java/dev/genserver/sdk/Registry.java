package dev.genserver.sdk;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A table in which processes enter themselves under keys, each entry with a value.
///
/// With unique keys one living process holds a key, and [ServerRef#via] makes names of them; with
/// duplicate keys many entries share one, which makes a topic for [#dispatch]. A process's entries
/// are gone before anybody is told of its end. A process that has entries is linked to the
/// registry: if that ends, so does the process, unless it traps exits.
///
/// This is a handle, found by name each time it is used, so that it outlives a restart of the
/// registry. Reading never waits. The methods that enter, change or remove are for processes: each
/// concerns the entries of the process that calls it. Keys are compared with `equals`, so they must
/// not change, and their `equals` and `hashCode` must be quick. Thread-safe.
///
/// All methods throw [IllegalArgumentException] if no registry has that name now.
///
/// @otp Elixir's Registry; its match specs are predicates here
public interface Registry {

  /// One process under a key.
  record Entry(Pid pid, @Nullable Object value) {}

  /// One process under a key, with the key.
  record Registration(Object key, Pid pid, @Nullable Object value) {}

  /// What came of [#register].
  ///
  /// @otp `{:ok, owner}`, `{:error, {:already_registered, pid}}`
  sealed interface RegisterResult {

    /// The process holds the key.
    ///
    /// @param owner the registry, which the process is linked to now
    record Ok(Pid owner) implements RegisterResult {}

    /// A living process held the key already, perhaps this one.
    record AlreadyRegistered(Pid pid) implements RegisterResult {}
  }

  /// What came of [#updateValue].
  record Updated(@Nullable Object value, @Nullable Object previous) {}

  /// What listeners of a registry are told, as [InfoMessage.Message].
  ///
  /// They are not told of entries that go with the end of their process: monitor it for that.
  sealed interface Event {

    /// A process has entered itself.
    record Register(String registry, Object key, Pid pid, @Nullable Object value)
        implements Event {}

    /// A process has removed its entries under the key, or some of them.
    record Unregister(String registry, Object key, Pid pid) implements Event {}
  }

  // Entries of the calling process.

  /// Enters the calling process under `key`.
  ///
  /// @throws IllegalStateException on a thread that runs no process, as for all of this kind
  /// @otp Registry.register/3
  RegisterResult register(Object key, @Nullable Object value);

  /// Removes all entries of the calling process under `key`, if there are any.
  ///
  /// @otp Registry.unregister/2
  void unregister(Object key);

  /// Removes those entries of the calling process under `key` whose value `matches`.
  ///
  /// @otp Registry.unregister_match/4
  void unregisterMatch(Object key, Predicate<@Nullable Object> matches);

  /// Replaces the value of the calling process under `key` by what `update` makes of it.
  ///
  /// @return the new value and the one before; empty if the calling process does not hold the key
  /// @throws IllegalArgumentException if the keys of this registry are not unique
  /// @otp Registry.update_value/3
  Optional<Updated> updateValue(Object key, UnaryOperator<@Nullable Object> update);

  // Entries of all.

  /// The living processes under `key`: at most one if keys are unique, else in the order in which
  /// they came.
  ///
  /// @otp Registry.lookup/2
  List<Entry> lookup(Object key);

  /// Has `function` take the entries under `key`, on the calling thread; not if there are none.
  ///
  /// @otp Registry.dispatch/4
  void dispatch(Object key, Consumer<List<Entry>> function);

  /// The entries under `key` whose value `matches`; `Predicate.isEqual(value)` asks for one value.
  ///
  /// @otp Registry.match/4
  List<Entry> match(Object key, Predicate<@Nullable Object> matches);

  /// All entries that `matches`, in no order.
  ///
  /// @otp Registry.select/2
  List<Registration> select(Predicate<Registration> matches);

  /// The keys that a process has entries under, each as often as there are entries; empty if it has
  /// ended.
  ///
  /// @otp Registry.keys/2
  List<Object> keys(Pid pid);

  /// The values that a process has under `key`.
  ///
  /// @otp Registry.values/3
  List<@Nullable Object> values(Object key, Pid pid);

  /// How many entries there are.
  ///
  /// @otp Registry.count/1
  int count();

  /// How many entries [#match] would give.
  ///
  /// @otp Registry.count_match/4
  int countMatch(Object key, Predicate<@Nullable Object> matches);

  /// How many entries [#select] would give.
  ///
  /// @otp Registry.count_select/2
  int countSelect(Predicate<Registration> matches);

  // What the registry knows beside its entries.

  /// A value that [RegistrySpec#meta] or [#putMeta] gave.
  ///
  /// @otp Registry.meta/2
  Optional<Object> meta(Object key);

  /// Keeps `value` until the registry ends.
  ///
  /// @otp Registry.put_meta/3
  void putMeta(Object key, Object value);

  /// Forgets the value, if there is one.
  ///
  /// @otp Registry.delete_meta/2
  void deleteMeta(Object key);
}
