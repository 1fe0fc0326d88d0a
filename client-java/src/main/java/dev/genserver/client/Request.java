package dev.genserver.client;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.RawJson;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// One request: on its way, or waiting for its answer. Thread-safe.
///
/// However it ends, it does so once, through [#end]; so whoever comes first decides: the answer,
/// the timer, the interrupt, the loss of the connection.
final class Request {

  /// The id of what has no answer.
  private static final long SILENT = 0;

  private static final long NOT_QUEUED = Long.MAX_VALUE;

  private final long id;
  private final Deadline deadline;
  private final LongFunction<ClientMessage> message;
  private final @Nullable JsonWriter fixed;
  private final BiConsumer<Connection, RawJson> onResult;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

  // Written by the thread that queues it, before `position`.
  private @Nullable Connection connection;
  private long castsBefore;

  private int size; // of its first frame, for those who hold it

  private volatile @Nullable Thread waiter;
  private volatile boolean timeIsUp;

  // How many bytes its connection had to write before this request's first one.
  private volatile long position = NOT_QUEUED;

  /// A request that is answered.
  ///
  /// @param message what it says, by the milliseconds that it still has
  /// @param onResult gets the result before anybody else, on the connection's own thread; also one
  ///   that comes when the request was given up
  Request(
      long id,
      Deadline deadline,
      LongFunction<ClientMessage> message,
      BiConsumer<Connection, RawJson> onResult) {
    this(id, deadline, message, null, onResult);
  }

  private Request(
      long id,
      Deadline deadline,
      LongFunction<ClientMessage> message,
      @Nullable JsonWriter fixed,
      BiConsumer<Connection, RawJson> onResult) {
    this.id = id;
    this.deadline = deadline;
    this.message = message;
    this.fixed = fixed;
    this.onResult = onResult;
  }

  /// A cast that nobody answers.
  static Request silent(JsonWriter frame, Deadline deadline) {
    return new Request(
        SILENT,
        deadline,
        left -> {
          throw new IllegalStateException("it has been written");
        },
        frame,
        (connection, result) -> {});
  }

  long id() {
    return id;
  }

  boolean isSilent() {
    return id == SILENT;
  }

  Deadline deadline() {
    return deadline;
  }

  /// The frame as it is to be written now.
  JsonWriter frame() {
    return fixed == null ? frame(message.apply(deadline.millisLeft())) : fixed;
  }

  static JsonWriter frame(ClientMessage message) {
    var frame = new JsonWriter();
    int start = frame.beginFrame();
    message.writeTo(frame);
    frame.endFrame(start);
    return frame;
  }

  /// About how many bytes it takes to keep; for one thread at a time.
  int size() {
    if (size == 0) {
      size = frame().length();
    }
    return size;
  }

  CompletableFuture<Outcome> outcome() {
    return outcome;
  }

  /// The connection that is to queue it.
  void openOn(Connection connection) {
    this.connection = connection;
  }

  /// The connection that it was queued on; null if it was on none.
  @Nullable Connection queuedOn() {
    return isQueued() ? connection : null;
  }

  /// @param position how many bytes its connection writes before it
  /// @param castsBefore how many silent casts
  void queuedAt(long position, long castsBefore) {
    this.castsBefore = castsBefore;
    this.position = position;
  }

  boolean isQueued() {
    return position != NOT_QUEUED;
  }

  boolean isQueuedFrom(long start) {
    long at = position;
    return at >= start && at != NOT_QUEUED;
  }

  /// How many silent casts its connection has written before it.
  long castsBefore() {
    return castsBefore;
  }

  /// Ends it with the result that came over the connection.
  void done(Connection connection, RawJson result) {
    onResult.accept(connection, result);
    end(new Outcome.Done(result));
  }

  void end(Outcome end) {
    if (outcome.complete(end)) {
      LockSupport.unpark(waiter);
    }
  }

  /// Waits until it has ended; false if it is told before that its time is up. For one thread.
  boolean await() throws InterruptedException {
    waiter = Thread.currentThread();
    try {
      while (!outcome.isDone()) {
        if (timeIsUp) {
          return false;
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        LockSupport.park(this);
      }
      return true;
    } finally {
      waiter = null;
    }
  }

  /// Wakes the thread that waits for it.
  void timeIsUp() {
    timeIsUp = true;
    LockSupport.unpark(waiter);
  }

  /// Ends it with its connection, of which `written` bytes were written.
  void lose(String why, long written) {
    end(new Outcome.Lost(why, position < written ? Executed.MAYBE : Executed.NO));
  }
}
