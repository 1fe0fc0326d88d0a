package dev.genserver.runtime;

import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.TimerRef;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// A message that is to be delivered later. The receiver is looked up then; if nobody is there it is lost.
final class MessageTimer implements TimerRef {

  private final TimeSource time;
  private final long due;
  private final AtomicBoolean over = new AtomicBoolean();
  private final TimeSource.Timer timer;

  private MessageTimer(Node node, ServerRef server, Object message, long delayNanos) {
    this.time = node.time();
    this.due = time.nanoTime() + delayNanos;
    this.timer = time.schedule(delayNanos, () -> fire(node, server, message));
  }

  static MessageTimer start(Node node, ServerRef server, Object message, long delayNanos) {
    return new MessageTimer(node, server, message, delayNanos);
  }

  private void fire(Node node, ServerRef server, Object message) {
    if (over.compareAndSet(false, true)) {
      var process = node.table.find(server);
      if (process != null) {
        process.deliver(new InfoMessage.Message(message));
      }
    }
  }

  @Override
  public Optional<Duration> cancel() {
    if (!over.compareAndSet(false, true)) {
      return Optional.empty();
    }
    timer.cancel();
    return Optional.of(left());
  }

  @Override
  public Optional<Duration> remaining() {
    return over.get() ? Optional.empty() : Optional.of(left());
  }

  private Duration left() {
    return Duration.ofNanos(Math.max(0, due - time.nanoTime()));
  }
}
