package dev.genserver.runtime;

import dev.genserver.sdk.Timeouts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The idle timeout of one server. For its consumer alone.
final class IdleTimer {

  private long epoch;
  private TimeSource.@Nullable Timer timer;
  private @Nullable Duration armed;

  /// A message is being handled: what was armed is void.
  void reset() {
    epoch++;
    armed = null;
    cancel();
  }

  private void cancel() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  void arm(Duration idle, MailboxProcess process) {
    armed = idle;
    start(idle, process);
  }

  /// A system message was handled: what was armed starts anew.
  void restart(MailboxProcess process) {
    var idle = armed;
    if (idle != null) {
      epoch++;
      cancel();
      start(idle, process);
    }
  }

  private void start(Duration idle, MailboxProcess process) {
    var nanos = Timeouts.toNanos(idle);
    var timeout = new Envelope.IdleTimeout(epoch);
    if (nanos == 0) {
      process.deliver(timeout);
    } else if (nanos != Long.MAX_VALUE) {
      timer = process.node.time().schedule(nanos, () -> process.deliver(timeout));
    }
  }

  boolean isCurrent(Envelope.IdleTimeout timeout) {
    return timeout.epoch() == epoch;
  }
}
