package dev.genserver.benchmarks.wire;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// A counter on a virtual thread of its own, with a queue before it.
final class CounterThread {

  private static final int MAX_QUEUE = 10_000; // as many as may wait for a process of the daemon

  private record Message(Request request, HandingOver from) {}

  private final LinkedBlockingQueue<Message> mailbox = new LinkedBlockingQueue<>();
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

  CounterThread() {
    Thread.ofVirtual().name("counter").start(this::run);
  }

  /// Takes a request, in any case.
  ///
  /// @return whether more may come
  boolean take(Request request, HandingOver from) {
    mailbox.add(new Message(request, from));
    return mailbox.size() < MAX_QUEUE;
  }

  /// Does that once half of the queue is free, on any thread.
  void whenRoom(Runnable action) {
    waiting.add(action);
    if (mailbox.size() < MAX_QUEUE / 2) {
      wakeAll();
    }
  }

  private void run() {
    var total = 0L;
    try {
      while (true) {
        var message = mailbox.take();
        total += message.request().by();
        if (message.request().isCall()) {
          message.from().reply(message.request(), total);
        }
        if (!waiting.isEmpty() && mailbox.size() < MAX_QUEUE / 2) {
          wakeAll();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // nobody does
    }
  }

  private void wakeAll() {
    for (Runnable action; (action = waiting.poll()) != null; ) {
      action.run();
    }
  }
}
