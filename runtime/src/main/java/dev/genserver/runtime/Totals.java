package dev.genserver.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What the processes of a node have done, by plugin and class; that of processes which have ended
/// counts on. Keeps names alone of what plugins bring, and of no more than a limited number of
/// classes. Thread-safe.
final class Totals {

  /*
   * A process counts for itself while it lives. After its end, when it is in the table no more or is
   * found dead there, its consumer adds what it has done to its group's total. A census looks at the
   * total of a group before it looks at the first living process of it: so one that ends meanwhile may
   * be counted nowhere, but never twice. What is missing then is there in the next census; until then
   * the group tells what it told before. So no number ever falls, and none is too high.
   *
   * Whose code becomes another class counts for another group from then on, with all that it has done:
   * the group that it leaves keeps that, the other one has it taken off. No census is made meanwhile.
   *
   * Locks: this one's while a census is made, then that of a group's total, and none while these are
   * held.
   */

  /// As many groups are told apart.
  static final int LIMIT = 1_000;

  private static final Kind OTHERS = new Kind("", Census.OTHERS);

  private record Kind(String plugin, String code) {

    static Kind of(LocalProcess process) {
      return new Kind(process.plugin(), process.code());
    }
  }

  private final ConcurrentHashMap<Kind, Total> totals = new ConcurrentHashMap<>();
  private int censuses; // guarded by this

  /// Adds what a process has done, which has ended.
  void ended(LocalProcess process, Accounting account) {
    of(Kind.of(process)).add(account, 1);
  }

  /// A process has ended unexpectedly.
  void crashed(LocalProcess process) {
    of(Kind.of(process)).crashed();
  }

  /// A supervisor has started a process anew.
  ///
  /// @param process null if it had ended before it could be looked at
  void restarted(@Nullable LocalProcess process) {
    of(process == null ? OTHERS : Kind.of(process)).restarted();
  }

  /// Changes the class of a process.
  ///
  /// @param account what it has done by now
  synchronized void change(LocalProcess process, Accounting account, Runnable change) {
    var before = Kind.of(process);
    change.run();
    of(before).add(account, 1);
    of(Kind.of(process)).add(account, -1);
  }

  /// Counts those that live, and what they and others have done.
  ///
  /// @param now the node's time
  synchronized Census census(Iterable<LocalProcess> living, long now) {
    censuses++;
    LocalProcess longest = null;
    var mostQueued = 0;
    for (var process : living) {
      if (process.isAlive()) {
        var queued = of(Kind.of(process)).count(process, now, censuses);
        if (queued > mostQueued) {
          longest = process;
          mostQueued = queued;
        }
      }
    }
    return new Census(
        groups(),
        longest == null
            ? Optional.empty()
            : Optional.of(new Census.Longest(longest.shownName(), mostQueued)));
  }

  private List<Census.Group> groups() {
    return totals.entrySet().stream()
        .map(entry -> entry.getValue().told(entry.getKey(), censuses))
        .toList();
  }

  private Total of(Kind kind) {
    var known = totals.get(kind);
    return known == null
        ? totals.computeIfAbsent(totals.size() < LIMIT ? kind : OTHERS, _ -> new Total())
        : known;
  }

  /// The numbers of one group.
  private static final class Total {

    private final Sums ended = new Sums(); // guarded by this, as are these two
    private long crashes;
    private long restarts;

    // Of the present census, or the last one this group was part of. Guarded by that.
    private final Sums told = new Sums();
    private Sums sums = new Sums();
    private int census;
    private int processes;
    private long queued;
    private int longestQueue;

    synchronized void add(Accounting account, int sign) {
      ended.add(account, sign);
    }

    synchronized void crashed() {
      crashes++;
    }

    synchronized void restarted() {
      restarts++;
    }

    /// Counts a living process.
    ///
    /// @return how many messages wait for it
    int count(LocalProcess process, long now, int census) {
      begin(census);
      var waiting = process.queued();
      processes++;
      queued += waiting;
      longestQueue = Math.max(longestQueue, waiting);
      process.addTo(sums, now);
      return waiting;
    }

    Census.Group told(Kind kind, int census) {
      begin(census);
      told.raise(sums);
      synchronized (this) {
        return new Census.Group(
            kind.plugin(),
            kind.code(),
            processes,
            queued,
            longestQueue,
            told.counters(),
            crashes,
            restarts);
      }
    }

    private void begin(int census) {
      if (this.census != census) {
        this.census = census;
        processes = 0;
        queued = 0;
        longestQueue = 0;
        synchronized (this) {
          sums = ended.copy();
        }
      }
    }
  }

  /// Sums of accounts. Not thread-safe.
  static final class Sums {

    private long received;
    private long replied;
    private long failed;
    private long expired;
    private long busyNanos;

    void add(Accounting account, int sign) {
      received += sign * account.received;
      replied += sign * account.replied;
      failed += sign * account.failed;
      expired += sign * account.expired;
      busyNanos += sign * account.busyNanos;
    }

    /// Adds the time of a message that is at hand.
    void addBusy(long nanos) {
      busyNanos += nanos;
    }

    /// Takes over what is more in the other.
    private void raise(Sums other) {
      received = Math.max(received, other.received);
      replied = Math.max(replied, other.replied);
      failed = Math.max(failed, other.failed);
      expired = Math.max(expired, other.expired);
      busyNanos = Math.max(busyNanos, other.busyNanos);
    }

    private Sums copy() {
      var copy = new Sums();
      copy.received = received;
      copy.replied = replied;
      copy.failed = failed;
      copy.expired = expired;
      copy.busyNanos = busyNanos;
      return copy;
    }

    ProcessInfo.Counters counters() {
      return new ProcessInfo.Counters(
          received, replied, failed, expired, Duration.ofNanos(busyNanos));
    }
  }
}
