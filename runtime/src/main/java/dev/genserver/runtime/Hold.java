package dev.genserver.runtime;

import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Keeps many processes, each between two messages, so that for a while none of them runs.
///
/// They come there one after the other. One that is there already goes on serving those that are
/// not: who waits in a callback for the reply of another would never get there otherwise. It
/// handles what had come before that message too, as no message may overtake another. When all are
/// there and none serves, the hold is closed; from then on none takes a message.
final class Hold {

  private static final int LONGEST_CHAIN = 64;

  /// One process's part in it.
  static final class Member {

    private final Hold hold;
    private volatile boolean reached;
    private volatile boolean asked;

    // The consumer's.
    private boolean looked;
    private boolean serving;
    private int owed;

    Member(Hold hold) {
      this.hold = hold;
    }

    boolean isOf(Hold other) {
      return hold == other;
    }

    /// The process is between two messages. From any thread.
    void reached() {
      if (!reached) {
        reached = true;
      }
    }

    boolean hasReached() {
      return reached;
    }

    boolean isClosed() {
      return hold.closed;
    }

    /// Whether one of the processes that have to come to rest waits for an answer to the message.
    boolean isWaitedFor(Envelope message) {
      return hold.isWaitedForWithin(message);
    }

    /// Has the process look through what waits aside once more. From any thread.
    void ask() {
      asked = true;
    }

    boolean isAsked() {
      return asked;
    }

    /// Whether what waits aside has to be looked through now, since nobody has done so yet, or
    /// something has changed since.
    boolean mustLook() {
      if (looked && !asked) {
        return false;
      }
      asked = false; // first: who asks from now on has it looked through again
      looked = true;
      return true;
    }

    /// The process has to handle so many messages of those that wait aside, from the first on: the
    /// last of them is waited for, and none may overtake.
    void owe(int messages) {
      owed = Math.max(owed, messages);
    }

    /// The process is suspended.
    void oweNothing() {
      owed = 0;
      asked = false;
      looked = false;
    }

    boolean owes() {
      return owed > 0;
    }

    /// Takes the next one that is owed.
    @Nullable Envelope paid(Suspension aside) {
      owed--;
      return aside.take();
    }

    /// Before the process handles a message all the same.
    ///
    /// @return false if it may not any more
    boolean enter() {
      serving = hold.begin();
      return serving;
    }

    /// The process is done with the message that it handled, if it handled one.
    void left() {
      if (serving) {
        serving = false;
        hold.end();
      }
    }
  }

  private final Predicate<LocalProcess> isWithin;
  private int serving;
  private volatile boolean closed; // written under the lock
  private volatile Set<LocalProcess> awaited = Set.of();

  /// @param isWithin whether a process belongs to those that must come to rest
  Hold(Predicate<LocalProcess> isWithin) {
    this.isWithin = isWithin;
  }

  private synchronized boolean begin() {
    if (!closed) {
      serving++;
    }
    return !closed;
  }

  private synchronized void end() {
    serving--;
  }

  /// Closes it unless one of the processes serves another.
  synchronized boolean close() {
    closed = serving == 0;
    return closed;
  }

  /// Opens it again: processes were found that are not kept yet.
  synchronized void open() {
    closed = false;
  }

  /// Says for which others, too, what they wait for must be handled: one of the processes waits for
  /// them.
  void await(Set<LocalProcess> others) {
    awaited = others;
  }

  /// Whether one of the processes waits for the reply, perhaps by way of others.
  private boolean isWaitedForWithin(Envelope message) {
    var caller = callerOf(message);
    for (var i = 0; caller != null && i < LONGEST_CHAIN; i++) {
      if (isWithin.test(caller) || awaited.contains(caller)) {
        return true;
      }
      caller = caller instanceof ServerProcess server ? callerOf(server.servingCall()) : null;
    }
    return false;
  }

  private static @Nullable LocalProcess callerOf(@Nullable Envelope message) {
    return message instanceof LocalCall call ? call.callingProcess() : null;
  }
}
