package dev.genserver.runtime;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What several threads asked of one object, and what they got: is there an order of these
/// operations, one after the other, that explains all answers and that no operation contradicts
/// which had ended before another began? Then the object is linearizable.
///
/// The search is that of Wing and Gong, with Lowe's memory of what was tried.
///
/// @param <O> the operations
final class History<O> {

  /// What an operation whose answer never came stands for: it may have happened at any later time,
  /// or not at all.
  static final Object UNKNOWN = "unknown";

  /// The answer to an operation and the state after it, in the sequential model.
  record Step(Object state, @Nullable Object answer) {}

  private record Entry<O>(O operation, @Nullable Object answer, long begin, long end) {}

  private record Tried(BitSet done, Object state) {}

  private final AtomicLong clock = new AtomicLong();
  private final Queue<Entry<O>> entries = new ConcurrentLinkedQueue<>();

  /// Runs the operation and notes what came of it. From any thread.
  void record(O operation, Supplier<@Nullable Object> run) {
    record(operation, now(), run);
  }

  /// A moment of the history, for an operation that others begin.
  long now() {
    return clock.getAndIncrement();
  }

  /// The same for an operation that began at that moment.
  void record(O operation, long begin, Supplier<@Nullable Object> run) {
    var answer = run.get();
    var end = UNKNOWN.equals(answer) ? Long.MAX_VALUE : now();
    entries.add(new Entry<>(operation, answer, begin, end));
  }

  int size() {
    return entries.size();
  }

  /// Whether some order explains it all.
  ///
  /// @param model what an operation does to a state
  boolean isLinearizable(Object initial, BiFunction<Object, O, Step> model) {
    return search(new ArrayList<>(entries), new BitSet(), initial, model, new HashSet<>());
  }

  private boolean search(
      List<Entry<O>> all,
      BitSet done,
      Object state,
      BiFunction<Object, O, Step> model,
      Set<Tried> tried) {
    if (isOver(all, done)) {
      return true;
    }
    if (!tried.add(new Tried((BitSet) done.clone(), state))) {
      return false;
    }
    var firstEnd = firstEnd(all, done);
    for (var i = done.nextClearBit(0); i < all.size(); i = done.nextClearBit(i + 1)) {
      var entry = all.get(i);
      if (entry.begin > firstEnd) {
        continue;
      }
      var step = model.apply(state, entry.operation);
      if (UNKNOWN.equals(entry.answer) || Objects.equals(step.answer, entry.answer)) {
        done.set(i);
        if (search(all, done, step.state, model, tried)) {
          return true;
        }
        done.clear(i);
      }
    }
    return false;
  }

  /// Whether only operations are left that need not have happened.
  private boolean isOver(List<Entry<O>> all, BitSet done) {
    for (var i = done.nextClearBit(0); i < all.size(); i = done.nextClearBit(i + 1)) {
      if (!UNKNOWN.equals(all.get(i).answer)) {
        return false;
      }
    }
    return true;
  }

  /// When the first of those that are left ended: the next one had begun by then.
  private long firstEnd(List<Entry<O>> all, BitSet done) {
    var first = Long.MAX_VALUE;
    for (var i = done.nextClearBit(0); i < all.size(); i = done.nextClearBit(i + 1)) {
      first = Math.min(first, all.get(i).end);
    }
    return first;
  }
}
