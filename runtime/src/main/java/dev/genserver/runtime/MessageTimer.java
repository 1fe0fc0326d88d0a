package dev.genserver.runtime;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.TimerRef;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A message that is to be delivered later. The receiver is looked up then; if nobody is there it
/// is lost. One to a pid is cancelled when that process ends, since nobody will ever be there.
final class MessageTimer implements TimerRef, Watcher {

  private final Node node;
  private final ServerRef server;
  private final Object message;
  private final long due;
  private final @Nullable LocalProcess watched;
  private final MonitorRef ref;
  private final AtomicBoolean over = new AtomicBoolean();
  private final TimeSource.Timer timer;

  MessageTimer(Node node, ServerRef server, Object message, long delayNanos) {
    this.node = node;
    this.server = server;
    this.message = message;
    this.due = node.time().nanoTime() + delayNanos;
    this.watched = server instanceof Pid ? node.table.find(server) : null;
    this.ref = node.nextMonitorRef();
    this.timer = node.time().schedule(delayNanos, this::fire);
  }

  /// Starts the clock.
  ///
  /// @param owner of the plugin that starts it
  static MessageTimer start(
      Node node, ServerRef server, Object message, long delayNanos, ClassLoader owner) {
    var timer = new MessageTimer(node, server, message, delayNanos);
    node.timers.add(timer, owner, timer.watched);
    timer.watch();
    return timer;
  }

  private void watch() {
    if (server instanceof Pid && (watched == null || !watched.watch(ref, this))) {
      cancel();
    } else if (over.get()) {
      letGo();
    }
  }

  private void letGo() {
    node.timers.remove(this);
    if (watched != null) {
      watched.unwatch(ref);
    }
  }

  private void fire() {
    if (over.compareAndSet(false, true)) {
      letGo();
      var process = node.table.findOrNobody(server);
      if (process != null) {
        process.deliver(new InfoMessage.Message(message));
      }
    }
  }

  @Override
  public void ended(LocalProcess process, ExitReason reason) {
    cancel();
  }

  @Override
  public Optional<Duration> cancel() {
    if (!over.compareAndSet(false, true)) {
      return Optional.empty();
    }
    timer.cancel();
    letGo();
    return Optional.of(left());
  }

  @Override
  public Optional<Duration> remaining() {
    return over.get() ? Optional.empty() : Optional.of(left());
  }

  private Duration left() {
    return Duration.ofNanos(Math.max(0, due - node.time().nanoTime()));
  }
}
