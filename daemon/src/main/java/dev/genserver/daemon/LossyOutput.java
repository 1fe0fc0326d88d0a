package dev.genserver.daemon;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// An output that never makes its writers wait: a thread of its own passes on what they write. What
/// a slow reader leaves no room for, or a full disk does not take, is discarded; once something
/// comes through again, the log says how much that was. Thread-safe.
final class LossyOutput extends OutputStream {

  private static final int CAPACITY = 1 << 20;

  private static final System.Logger LOG = System.getLogger(LossyOutput.class.getName());

  private final String name;
  private final OutputStream target;
  private ByteArrayOutputStream waiting = new ByteArrayOutputStream();
  private boolean writing;
  private long discarded;

  /// @param name what the log calls it
  LossyOutput(String name, OutputStream target) {
    this.name = name;
    this.target = target;
    Thread.ofPlatform().daemon().name(name + "-writer").start(this::passOn);
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  /// Takes all of it or discards all of it.
  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    if (waiting.size() + length > CAPACITY) {
      discarded += length;
    } else {
      waiting.write(bytes, offset, length);
      notifyAll();
    }
  }

  /// Waits until all is written, at most so long.
  synchronized void drain(Duration limit) throws InterruptedException {
    var deadline = System.nanoTime() + limit.toNanos();
    while (writing || waiting.size() > 0) {
      var left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return;
      }
      wait(left);
    }
  }

  private void passOn() {
    try {
      while (true) {
        var bytes = take();
        try {
          target.write(bytes);
          tell(written(0));
        } catch (IOException _) {
          written(bytes.length);
        }
      }
    } catch (InterruptedException _) {
      // Nobody has this thread to interrupt it.
    }
  }

  private synchronized byte[] take() throws InterruptedException {
    while (waiting.size() == 0) {
      wait();
    }
    writing = true;
    var bytes = waiting.toByteArray();
    waiting = new ByteArrayOutputStream();
    return bytes;
  }

  /// @param lost how many bytes could not be written
  /// @return how many bytes were discarded before some could
  private synchronized long written(int lost) {
    writing = false;
    notifyAll();
    var before = discarded;
    discarded = lost == 0 ? 0 : before + lost;
    return lost == 0 ? before : 0;
  }

  private void tell(long bytes) {
    if (bytes > 0) {
      LOG.log(Level.WARNING, "output discarded stream={0} bytes={1}: nobody took it", name, bytes);
    }
  }
}
