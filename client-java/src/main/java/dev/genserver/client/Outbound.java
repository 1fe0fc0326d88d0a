package dev.genserver.client;

import dev.genserver.protocol.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The frames that wait to be written to one connection. Thread-safe.
final class Outbound {

  /*
   * Whoever adds a frame while nobody writes becomes the writer: it writes all that has gathered, and
   * what gathers meanwhile, each time with one system call. So a lone caller pays no change of
   * threads, and among many callers the cost of a write is shared.
   *
   * A caller that does not wait for an answer is better served by not writing: it leaves that to the
   * connection's own thread, and what it adds until that thread has woken goes along.
   *
   * The channel does not block. What it does not take at once is left to the connection's own thread,
   * which is told when there is room again; so no caller is ever stuck in a write beyond its timeout.
   * A writer that has written for others for long enough leaves the rest to that thread as well.
   *
   * `writing` says that there is a writer, `batch` is the writer's own. The lock guards all else.
   */

  private static final int ROUNDS = 16;

  private final ByteChannel channel;
  private final int maxQueued;
  private final Runnable leaveToOwnThread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private JsonWriter queued = new JsonWriter(16 * 1024);
  private JsonWriter spare = new JsonWriter(16 * 1024);
  private ByteBuffer batch = ByteBuffer.allocate(0);
  private boolean writing;
  private boolean closed;
  private long accepted;
  private volatile long written;

  /// @param leaveToOwnThread has the connection's thread call [#write] once the channel takes more
  Outbound(ByteChannel channel, int maxQueued, Runnable leaveToOwnThread) {
    this.channel = channel;
    this.maxQueued = maxQueued;
    this.leaveToOwnThread = leaveToOwnThread;
  }

  /// Adds a frame once there is room for it, and sees to it that it is written.
  ///
  /// @param urgent whether somebody waits for the answer, so that the frame is best written now
  /// @param nanos how long to wait for room
  /// @throws IOException if the connection cannot be written to
  /// @throws TimeoutException if there was no room in time
  void send(Request request, JsonWriter frame, boolean urgent, long nanos)
      throws IOException, InterruptedException, TimeoutException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (queued.length() >= maxQueued && !closed) {
        if (left <= 0) {
          throw new TimeoutException();
        }
        left = changed.awaitNanos(left);
      }
      request.queuedAt(accepted);
      if (!add(frame)) {
        return;
      }
    } finally {
      lock.unlock();
    }
    if (urgent) {
      write();
    } else {
      leaveToOwnThread.run();
    }
  }

  /// Adds a small frame, room or no room, without waiting.
  void sendNow(JsonWriter frame) throws IOException {
    lock.lock();
    try {
      if (!add(frame)) {
        return;
      }
    } finally {
      lock.unlock();
    }
    write();
  }

  /// Adds the frame; true if the calling thread is the writer now.
  private boolean add(JsonWriter frame) throws IOException {
    if (closed) {
      throw new IOException("the connection is closed");
    }
    queued.raw(frame.array(), 0, frame.length());
    accepted += frame.length();
    if (writing) {
      return false;
    }
    writing = true;
    return true;
  }

  /// Writes what there is; for the writer.
  void write() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      if (!batch.hasRemaining() && !nextBatch()) {
        return;
      }
      // The peer may see the bytes, and hang up, before the write returns: until then they count as
      // written.
      long before = written;
      written = before + batch.remaining();
      written = before + channel.write(batch);
      if (batch.hasRemaining()) {
        break;
      }
    }
    leaveToOwnThread.run();
  }

  /// Takes all that is queued; false if nothing is, and then there is no writer any more.
  private boolean nextBatch() {
    lock.lock();
    try {
      changed.signalAll();
      if (queued.length() == 0 || closed) {
        writing = false;
        return false;
      }
      var full = queued;
      queued = spare;
      queued.reset();
      spare = full;
      batch = ByteBuffer.wrap(full.array(), 0, full.length());
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// How many bytes were, or may have been, handed to the system.
  long written() {
    return written;
  }

  /// Waits until everything was written; false if that takes longer than `nanos`.
  boolean awaitWritten(long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (writing && !closed) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /// Refuses all that comes from now on.
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
