package dev.genserver.daemon.net;

import dev.genserver.daemon.metrics.Meter;
import dev.genserver.protocol.JsonWriter;
import dev.genserver.runtime.TimeSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The answers of one connection on their way to its event loop. Thread-safe.
///
/// Whoever puts the first answer into an empty queue wakes the event loop; all that have gathered
/// by then are copied into one buffer and flushed once. While the event loop is reading requests it
/// is not woken: it looks here itself when it has read them all.
final class Outbound {

  private static final int BATCH_BYTES = 32 * 1024;

  /// @param call the call that is answered; null for what answers none
  private record Answer(JsonWriter bytes, @Nullable WireCall call) {}

  private final Connection connection;
  private final Channel channel;
  private final OpenCalls calls;
  private final long most;
  private final SlowReaders all;
  private final TimeSource time;
  private final Meter meter;
  private final ConcurrentLinkedQueue<Answer> queue = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final Runnable drain = this::drain;

  // The event loop's alone.
  private boolean reading;

  /// @param most how many bytes of answers may wait
  Outbound(Connection connection, Channel channel, OpenCalls calls, long most, Wiring wiring) {
    this.connection = connection;
    this.channel = channel;
    this.calls = calls;
    this.most = most;
    this.all = wiring.answers();
    this.time = wiring.node().time();
    this.meter = wiring.meters().of(channel.eventLoop());
  }

  void add(JsonWriter bytes, @Nullable WireCall call) {
    queue.add(new Answer(bytes, call));
    if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
      if (!(channel.eventLoop().inEventLoop() && reading)) {
        wake();
      }
    }
  }

  private void wake() {
    try {
      channel.eventLoop().execute(drain);
    } catch (RejectedExecutionException _) {
      queue.clear(); // the server is closed, and with it this connection
    }
  }

  void readingBegins() {
    reading = true;
  }

  void readingEnds() {
    reading = false;
    if (scheduled.get()) {
      drain();
    }
  }

  /// Writes what has gathered, now.
  void flush() {
    drain();
  }

  private void drain() {
    scheduled.set(false);
    ByteBuf batch = null;
    var now = 0L; // read once a batch: it costs more than all the rest of the measuring
    for (Answer answer; (answer = queue.poll()) != null; ) {
      if (answer.call() != null) {
        calls.remove(answer.call());
      }
      var bytes = answer.bytes();
      if (batch != null && batch.readableBytes() + bytes.length() > BATCH_BYTES) {
        channel.write(batch, channel.voidPromise());
        batch = null;
      }
      if (batch == null) {
        var single = queue.isEmpty() || bytes.length() > BATCH_BYTES;
        batch = channel.alloc().ioBuffer(single ? bytes.length() : BATCH_BYTES);
        now = time.nanoTime();
      }
      if (answer.call() != null) {
        meter.answered(answer.call().ageNanos(now));
      }
      batch.writeBytes(bytes.array(), 0, bytes.length());
    }
    if (batch != null) {
      channel.writeAndFlush(batch, channel.voidPromise());
      checkRoom();
    }
    calls.checkEmpty();
  }

  /// Looks how much waits for the peer, once that is worth a look. More than it may have is the end
  /// of it; more than all may have together is the end of those that have not read for longest.
  private void checkRoom() {
    var waits = pending();
    if (waits > most) {
      connection.closeAsSlow();
    } else if (waits >= Held.STEP) {
      all.waits(connection, waits);
      // Looks again when all of this is written.
      channel.write(Unpooled.EMPTY_BUFFER).addListener(_ -> all.hasRead(connection, pending()));
    }
  }

  /// How many bytes wait for the peer. For the event loop.
  long pending() {
    var buffer = channel.unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }
}
