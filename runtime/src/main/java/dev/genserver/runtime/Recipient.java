package dev.genserver.runtime;

import dev.genserver.sdk.Pid;
import java.time.Duration;

/// A running server, as whoever brings requests from outside the node sees it. Thread-safe.
public interface Recipient {

  /// Which incarnation this is.
  Pid pid();

  /// What it is called by: its name if it has one that is the node's alone, else its pid.
  String shownName();

  /// The id of the plugin on whose behalf it runs; empty if there is none.
  String plugin();

  /// The class of the server, which tells its message types.
  Class<?> serverClass();

  /// How many messages wait in its mailbox; may be a little off.
  int queued();

  /// How many may wait before requests from outside should be refused or slowed.
  int maxQueue();

  /// How long the message that was taken last had waited or is at work: a hint at the age of the
  /// queue.
  Duration oldest();

  /// Whether it takes no requests until it is resumed; may be over as soon as it is said.
  boolean isSuspended();

  /// Puts the call into the mailbox, whatever its length. If the process has ended, the call ends
  /// so.
  void deliver(ExternalCall call);

  /// Puts the cast into the mailbox, whatever its length; lost if the process has ended.
  void deliver(ExternalCast cast);

  /// Runs `task` once, soon, when less than half of [#maxQueue] waits, or the process has ended. It
  /// runs on any thread, perhaps this one, and must not block.
  void whenRoom(Runnable task);
}
