package dev.genserver.daemon.net;

import dev.genserver.protocol.RequestId;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The calls of one connection that are not answered yet, and the watch over their deadlines. For
/// the connection's event loop alone.
///
/// One timer is set to the earliest deadline that was known when it was set. When it fires, all
/// open calls are looked through, which are at most `max_in_flight`; as most calls are answered
/// long before, that is rare, and a call that is answered in time costs the timer nothing.
final class OpenCalls {

  private final EventLoop loop;
  private final Map<RequestId, WireCall> calls = new HashMap<>();
  private @Nullable Future<?> timer;
  private long timerDue;
  private @Nullable Runnable whenEmpty;

  OpenCalls(EventLoop loop) {
    this.loop = loop;
  }

  int size() {
    return calls.size();
  }

  @Nullable WireCall find(RequestId id) {
    return calls.get(id);
  }

  void add(WireCall call) {
    calls.put(call.id(), call);
    var left = call.remainingNanos();
    if (left != Long.MAX_VALUE) {
      wakeIn(left);
    }
  }

  void remove(WireCall call) {
    calls.remove(call.id(), call);
  }

  /// Runs `task` when no call is open, perhaps now.
  void whenEmpty(Runnable task) {
    whenEmpty = task;
    checkEmpty();
  }

  void checkEmpty() {
    if (whenEmpty != null && calls.isEmpty()) {
      var task = whenEmpty;
      whenEmpty = null;
      task.run();
    }
  }

  /// The peer is gone: what was not started never will be.
  void cancelAll() {
    List.copyOf(calls.values()).forEach(WireCall::cancel);
    calls.clear();
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void wakeIn(long nanos) {
    var due = System.nanoTime() + nanos;
    if (timer == null || due - timerDue < 0) {
      if (timer != null) {
        timer.cancel(false);
      }
      timerDue = due;
      timer = loop.schedule(this::expire, nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void expire() {
    timer = null;
    var earliest = Long.MAX_VALUE;
    for (var call : List.copyOf(calls.values())) {
      var left = call.remainingNanos();
      if (left <= 0) {
        call.expire();
      } else if (call.isWaiting()) {
        earliest = Math.min(earliest, left);
      }
    }
    if (earliest != Long.MAX_VALUE) {
      wakeIn(earliest);
    }
  }
}
