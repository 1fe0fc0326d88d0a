package dev.genserver.client;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Finds out that a connection leads nowhere though nobody says so: pings the daemon when it was
/// not heard for a while, and gives the connection up when it is not heard for as long again.
final class KeepAlive implements Runnable {

  private final Connection connection;
  private final long idle;
  private final ScheduledExecutorService timers;

  private KeepAlive(Connection connection, long idle, ScheduledExecutorService timers) {
    this.connection = connection;
    this.idle = idle;
    this.timers = timers;
  }

  static void start(Connection connection, Duration idle, ScheduledExecutorService timers) {
    long nanos =
        Math.min(idle.toSeconds(), TimeUnit.DAYS.toSeconds(365)) == idle.toSeconds()
            ? idle.toNanos()
            : TimeUnit.DAYS.toNanos(365);
    new KeepAlive(connection, nanos, timers).again(nanos);
  }

  @Override
  public void run() {
    if (connection.isLost()) {
      return;
    }
    long silence = System.nanoTime() - connection.lastHeard();
    if (silence >= 2 * idle) {
      connection.lose(
          "no sign of life from the daemon at %s for %d ms"
              .formatted(connection.address(), TimeUnit.NANOSECONDS.toMillis(silence)));
    } else if (silence >= idle) {
      connection.ping();
      again(2 * idle - silence);
    } else {
      again(idle - silence);
    }
  }

  private void again(long nanos) {
    var unused = timers.schedule(this, nanos, TimeUnit.NANOSECONDS);
  }
}
