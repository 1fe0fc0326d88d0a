package dev.genserver.client;

import dev.genserver.protocol.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

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
   * `writing` says that there is a writer. The batch is the writer's own while `inWrite`, which the
   * writer sets under the lock and takes back without. The lock guards all else.
   *
   * Positions count the bytes from the first on. `written` is how far they were, or may have been,
   * handed to the system: the peer may see bytes, and hang up, before the write returns, so all that
   * is being written counts. What lies behind it was certainly not seen, and nothing of it is written
   * once the connection is closed; that is what makes it safe to send a cast again.
   */

  /// What a connection that takes no more requests gives back.
  ///
  /// @param casts the silent casts that it does not write any more, in order
  /// @param others how many silent casts it has taken beside them
  /// @param end the position behind all that was written, or still is
  record Leftover(List<JsonWriter> casts, long others, long end) {}

  private static final int ROUNDS = 16;

  private final ByteChannel channel;
  private final boolean encrypted;
  private final int maxQueued;
  private final Runnable leaveToOwnThread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Frames queued = new Frames();
  private Frames taken = new Frames(); // the frames of the batch
  private ByteBuffer batch = ByteBuffer.allocate(0);
  private long batchStart;
  private long accepted;
  private long casts;
  private boolean writing;
  private boolean retired;
  private boolean closed;
  private volatile boolean inWrite;
  private volatile long written;

  /// @param encrypted whether the channel may have taken more of a buffer than it tells
  /// @param leaveToOwnThread has the connection's thread call [#write] once the channel takes more
  Outbound(ByteChannel channel, boolean encrypted, int maxQueued, Runnable leaveToOwnThread) {
    this.channel = channel;
    this.encrypted = encrypted;
    this.maxQueued = maxQueued;
    this.leaveToOwnThread = leaveToOwnThread;
  }

  /// Adds a request's frame once there is room for it, and sees to it that it is written.
  ///
  /// @param urgent whether somebody waits for the answer, so that the frame is best written now
  /// @param nanos how long to wait for room
  /// @return false if no more requests are taken
  /// @throws IOException if it was added, but the connection cannot be written to
  /// @throws TimeoutException if there was no room in time
  boolean send(Request request, JsonWriter frame, boolean urgent, long nanos)
      throws IOException, InterruptedException, TimeoutException {
    long left = nanos;
    boolean isWriter;
    lock.lockInterruptibly();
    try {
      while (queued.length() >= maxQueued && !retired) {
        if (left <= 0) {
          throw new TimeoutException();
        }
        left = changed.awaitNanos(left);
      }
      if (retired) {
        return false;
      }
      isWriter = add(request, frame);
    } finally {
      lock.unlock();
    }
    if (isWriter && urgent) {
      letOthersAdd();
      write();
    } else if (isWriter) {
      leaveToOwnThread.run();
    }
    return true;
  }

  /// Answers that come together wake threads together. Those that are about to ask again add their
  /// frames before one of them writes all with one system call.
  @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it
  private static void letOthersAdd() {
    Thread.yield();
  }

  /// Adds a request's frame, room or no room, to be written soon; false if no more are taken.
  boolean sendSoon(Request request, JsonWriter frame) {
    boolean isWriter;
    lock.lock();
    try {
      if (retired) {
        return false;
      }
      isWriter = add(request, frame);
    } finally {
      lock.unlock();
    }
    if (isWriter) {
      leaveToOwnThread.run();
    }
    return true;
  }

  /// Adds a small frame that is no request, room or no room, and writes it now.
  void sendNow(JsonWriter frame) throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new IOException("the connection is closed");
      }
      if (!add(frame, false)) {
        return;
      }
    } finally {
      lock.unlock();
    }
    write();
  }

  private boolean add(Request request, JsonWriter frame) {
    request.queuedAt(accepted, casts);
    if (request.isSilent()) {
      casts++;
    }
    return add(frame, request.isSilent());
  }

  /// Adds the frame; true if the calling thread is the writer now.
  private boolean add(JsonWriter frame, boolean isSilent) {
    queued.add(frame, isSilent);
    accepted += frame.length();
    boolean isWriter = !writing;
    writing = true;
    return isWriter;
  }

  /// Writes what there is; for the writer.
  void write() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      if (!claim()) {
        return;
      }
      boolean full;
      try {
        channel.write(batch);
      } finally {
        // A write that fails has taken nothing beyond the position either.
        full = batch.hasRemaining();
        written = batchStart + batch.position();
        inWrite = false;
      }
      if (full) {
        break;
      }
    }
    leaveToOwnThread.run();
  }

  /// Takes what is to be written next; false if nothing is, and then there is no writer any more.
  private boolean claim() {
    lock.lock();
    try {
      changed.signalAll();
      if (closed || !(batch.hasRemaining() || nextBatch())) {
        writing = false;
        return false;
      }
      inWrite = true;
      written = batchStart + batch.limit();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean nextBatch() {
    if (queued.length() == 0) {
      return false;
    }
    var empty = taken;
    empty.reset();
    taken = queued;
    queued = empty;
    batchStart = written;
    batch = taken.toBuffer();
    return true;
  }

  /// How many bytes were, or may have been, handed to the system.
  long written() {
    return written;
  }

  /// How many silent casts wait.
  int waitingCasts() {
    lock.lock();
    try {
      return queued.casts();
    } finally {
      lock.unlock();
    }
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

  boolean isRetired() {
    lock.lock();
    try {
      return retired;
    } finally {
      lock.unlock();
    }
  }

  /// Takes no more requests, and gives back those that are not written yet.
  ///
  /// @return null if it took none already
  @Nullable Leftover retire() {
    lock.lock();
    try {
      if (retired) {
        return null;
      }
      retired = true;
      changed.signalAll();
      var back = new ArrayList<JsonWriter>();
      // Of a batch that stays to be written, TLS may have encrypted more than it tells.
      if (!inWrite && batch.hasRemaining() && (closed || !encrypted)) {
        int end = taken.endOfFrameAt(batch.position());
        taken.copyCasts(end, back);
        batch.limit(end);
      }
      queued.copyCasts(0, back);
      queued.reset();
      accepted = batchStart + batch.limit();
      return new Leftover(back, casts - back.size(), accepted);
    } finally {
      lock.unlock();
    }
  }

  /// Writes nothing more, from the next write on, and takes nothing; see [#retire].
  @Nullable Leftover close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      return retire();
    } finally {
      lock.unlock();
    }
  }
}
