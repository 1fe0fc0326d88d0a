package dev.genserver.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The messages that wait for a process: put in by anyone, taken out by its one consumer, in order.
///
/// What one thread puts in first comes out first. Who consumes is the process's business.
interface Mailbox {

  /// Puts a message at the end. Never blocks, never refuses.
  void put(Envelope message);

  /// Takes the first message; null if there is none. For the consumer alone.
  @Nullable Envelope take();

  /// The first messages, at most so many. From any thread; may miss some that are taken meanwhile.
  List<Envelope> peek(int most);

  /// Whether nothing waits. For the consumer, and for whoever is about to become it.
  boolean isEmpty();

  /// How many messages wait; may be a little off while others put and take.
  int size();
}
