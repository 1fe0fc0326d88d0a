package dev.genserver.client;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/// Threads that wait for their requests to end, and are woken when their time is up. Thread-safe.
///
/// A thread that parks for a time needs a timer of its own, which costs a virtual thread as much as
/// a third of a call does. Hardly any of these timers ever fires. So those that have time enough
/// share one, which looks now and then whose time is up.
final class Waits {

  /// How long between two looks: by so much, at most, is a thread woken late.
  private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(5);

  /// And so much more for each that waits, so that looking at very many does not take up a
  /// processor.
  private static final long MORE_NANOS_EACH = 500;

  /// Who has less time is to be woken when it is up.
  private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(100);

  private final ScheduledExecutorService timers;
  private final Set<Request> waiting = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  Waits(ScheduledExecutorService timers) {
    this.timers = timers;
  }

  /// Waits until the request has ended; false if its time is up before.
  boolean await(Request request) throws InterruptedException {
    long left = request.deadline().left();
    if (left < SHORT) {
      return awaitShortly(request, left);
    }
    waiting.add(request);
    lookSoon();
    try {
      return request.await();
    } finally {
      waiting.remove(request);
    }
  }

  private static boolean awaitShortly(Request request, long nanos) throws InterruptedException {
    try {
      request.outcome().get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new AssertionError("outcomes do not fail", e);
    }
  }

  private void lookSoon() {
    if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
      long later = INTERVAL + MORE_NANOS_EACH * waiting.size();
      timers.schedule(this::look, later, TimeUnit.NANOSECONDS);
    }
  }

  private void look() {
    scheduled.set(false);
    boolean some = false;
    for (var request : waiting) {
      some = true;
      if (request.deadline().left() <= 0) {
        request.timeIsUp();
      }
    }
    if (some) {
      lookSoon();
    }
  }
}
