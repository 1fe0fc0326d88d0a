package dev.genserver.runtime;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The messages that a suspended server has not taken yet, and after its resumption those that are
/// still left. For the server's consumer alone, but for what says otherwise.
final class Suspension {

  private final Queue<Envelope> held = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger(); // read by others
  private volatile boolean over; // read by others

  /// One that is over, for messages that wait all the same.
  static Suspension ended() {
    var suspension = new Suspension();
    suspension.end();
    return suspension;
  }

  /// Whether the server is still suspended. From any thread.
  boolean isOn() {
    return !over;
  }

  /// How many messages are held. From any thread.
  int size() {
    return size.get();
  }

  /// Suspended again, before what was held the last time was taken.
  void begin() {
    over = false;
  }

  /// The first messages that are held, at most so many. From any thread.
  List<Envelope> peek(int most) {
    return held.stream().limit(most).toList();
  }

  /// How many messages there are up to the last one that `matches`.
  int upToLast(Predicate<Envelope> matches) {
    var count = 0;
    var last = 0;
    for (var message : held) {
      count++;
      if (matches.test(message)) {
        last = count;
      }
    }
    return last;
  }

  void hold(Envelope message) {
    held.add(message);
    size.incrementAndGet();
  }

  void end() {
    over = true;
  }

  /// Takes the first message that was held; null if there is none.
  @Nullable Envelope take() {
    var message = held.poll();
    if (message != null) {
      size.decrementAndGet();
    }
    return message;
  }
}
