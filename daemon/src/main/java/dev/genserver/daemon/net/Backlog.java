package dev.genserver.daemon.net;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// The bytes of one connection's requests that are read and not done with: casts until their turn
/// comes, calls until they are answered. Where they become too many, the connection is read no
/// further, and TCP slows its peer.
///
/// What is added is the event loop's to count, what is taken off anyone's.
final class Backlog {

  /// What the daemon keeps of a request besides its bytes, about.
  private static final int OVERHEAD = 200;

  private final Connection connection;
  private final long most;
  private final Held all;
  private final AtomicLong added = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private final AtomicBoolean settling = new AtomicBoolean();
  private volatile long settleBelow = Long.MIN_VALUE;

  // The event loop's alone.
  private long reported;

  /// @param most for how many bytes the connection is read
  /// @param all what all connections keep
  Backlog(Connection connection, long most, Held all) {
    this.connection = connection;
    this.most = most;
    this.all = all;
  }

  /// Counts a request that was read. For the event loop.
  void add(int bytes) {
    added.lazySet(added.get() + bytes + OVERHEAD);
  }

  /// Takes a request off that was added. For any thread.
  void remove(int bytes) {
    var left = added.get() - done.addAndGet(bytes + OVERHEAD);
    if (left < settleBelow && settling.compareAndSet(false, true)) {
      try {
        connection.channel().eventLoop().execute(this::settle);
      } catch (RejectedExecutionException _) {
        // The server is closed.
      }
    }
  }

  /// Looks whether the connection may be read on. For the event loop, when it has read what there
  /// was.
  void check() {
    var now = waiting();
    if (now - reported < Held.STEP && now <= most) {
      return;
    }
    report(now);
    if (now > most) {
      connection.pause(Connection.Pause.BACKLOG);
    }
    if (all.isTooMuch() && connection.pause(Connection.Pause.MEMORY)) {
      all.whenRoom(() -> connection.execute(() -> connection.resume(Connection.Pause.MEMORY)));
    }
    if (waiting() < settleBelow) {
      settle(); // what was done before that was set has told nobody
    }
  }

  private long waiting() {
    return added.get() - done.get();
  }

  private void settle() {
    settling.set(false);
    var now = waiting();
    report(now);
    if (now <= most / 2) {
      connection.resume(Connection.Pause.BACKLOG);
    }
  }

  /// Tells what is kept, and when to tell again: when it is a step less, and in the end when it is
  /// nothing.
  private void report(long now) {
    all.add(now - reported);
    reported = now;
    settleBelow = now > Held.STEP ? now - Held.STEP : now > 0 ? 1 : Long.MIN_VALUE;
  }
}
