package dev.genserver.cli;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.RequestId;
import dev.genserver.protocol.ServerMessage;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One connection of a bench, with a thread that sends and one that receives.
///
/// The time of a request counts from when it was to be sent: with a rate that is its place in the
/// schedule, however long it then had to wait for a slot or for the daemon to read. A stall is so
/// counted for all whom it has kept waiting, and not only for those who were under way.
final class BenchLane {

  /// How long to wait before looking whether the connection is lost.
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final RequestId BARRIER = RequestId.of("barrier");

  private final Link link;
  private final BenchLoad load;
  private final LongAdder done;
  private final BlockingQueue<Integer> free;
  private final AtomicLongArray begun;
  private final Semaphore barrier = new Semaphore(0);

  // The receiver's, until it has ended.
  private final Latencies latencies = new Latencies();
  private final Map<ErrorCode, Long> errors = new EnumMap<>(ErrorCode.class);

  private volatile long countedFrom = Long.MAX_VALUE;
  private volatile @Nullable CliException lost;
  private long silent;
  private long nanos;

  /// @param done counts what is done, for whoever watches
  BenchLane(Link link, BenchLoad load, LongAdder done) {
    this.link = link;
    this.load = load;
    this.done = done;
    this.free = new ArrayBlockingQueue<>(load.slots());
    this.begun = new AtomicLongArray(load.slots());
    for (int slot = 0; slot < load.slots(); slot++) {
      free.add(slot);
    }
  }

  Latencies latencies() {
    return latencies;
  }

  Map<ErrorCode, Long> errors() {
    return errors;
  }

  /// How many casts the daemon has read of those that nothing was told of.
  long silent() {
    return silent;
  }

  /// From the first request that counts to the last answer.
  long nanos() {
    return nanos;
  }

  /// Sends for as long as it should and waits for the answers.
  ///
  /// @throws CliException if the connection is lost
  void run() throws InterruptedException {
    var receiver = Thread.ofPlatform().daemon().name("receiver").start(this::receive);
    try {
      long start = System.nanoTime();
      long counted = start + TimeUnit.MILLISECONDS.toNanos(load.warmupMillis());
      long end = counted + TimeUnit.MILLISECONDS.toNanos(load.millis());
      if (load.isSilent()) {
        sendSilently(start, counted);
        counted = System.nanoTime();
        end = counted + TimeUnit.MILLISECONDS.toNanos(load.millis());
        silent = sendSilently(counted, end);
      } else {
        countedFrom = counted;
        send(start, end);
        awaitAnswers();
      }
      nanos = System.nanoTime() - counted;
    } catch (IOException e) {
      receiver.join(1_000); // it learns why
    }
    if (lost != null) {
      throw lost;
    }
    link.close();
    receiver.join(1_000);
  }

  private void send(long start, long end) throws InterruptedException, IOException {
    long interval = load.interval();
    long due = start;
    long last = lastMoment(end);
    while (lost == null && System.nanoTime() < last && due < end) {
      if (interval > 0) {
        await(due);
      }
      var slot = free.poll();
      if (slot == null) {
        link.flush();
        slot = free.poll(Math.min(LOOK_NANOS, last - System.nanoTime()), TimeUnit.NANOSECONDS);
      }
      if (slot != null) {
        begun.set(slot, interval > 0 ? due : System.nanoTime());
        link.send(load.request(RequestId.of(slot)));
        due += interval;
      }
    }
    link.flush();
  }

  /// @return how many were sent, all of which the daemon has read
  private long sendSilently(long start, long end) throws InterruptedException, IOException {
    long interval = load.interval();
    long due = start;
    long last = lastMoment(end);
    long sent = 0;
    while (lost == null && System.nanoTime() < last && due < end) {
      if (interval > 0) {
        await(due);
      }
      link.send(load.request(null));
      sent++;
      done.increment();
      due += interval;
    }
    link.send(new ClientMessage.Ping(BARRIER));
    link.flush();
    while (lost == null && !barrier.tryAcquire(LOOK_NANOS, TimeUnit.NANOSECONDS)) {}
    return sent;
  }

  /// With a rate, what was due before the end is still sent after it: left out would be just those
  /// whom a stall keeps waiting.
  private long lastMoment(long end) {
    return load.interval() == 0 ? end : end + TimeUnit.MILLISECONDS.toNanos(load.timeoutMillis());
  }

  private void await(long due) throws IOException {
    long left = due - System.nanoTime();
    if (left > 0) {
      link.flush();
    }
    for (; left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /// The daemon answers each request within its time limit.
  private void awaitAnswers() throws InterruptedException {
    long patience = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(load.timeoutMillis() + 1_000);
    while (lost == null && free.size() < load.slots() && System.nanoTime() < patience) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  private void receive() {
    try {
      while (true) {
        switch (link.receive()) {
          case ServerMessage.Pong _ -> barrier.release();
          case ServerMessage.Reply(var id, _) -> answered(id, null);
          case ServerMessage.Ok(var id, _) -> answered(id, null);
          case ServerMessage.Failure(var id, var error) -> answered(id, error.code());
          case ServerMessage _ -> {}
        }
      }
    } catch (CliException e) {
      lost = e;
    }
  }

  private void answered(@Nullable RequestId id, @Nullable ErrorCode error) {
    if (!(id instanceof RequestId.Num(long slot))) {
      return;
    }
    long begin = begun.get((int) slot);
    if (begin - countedFrom >= 0) {
      if (error == null) {
        latencies.record(System.nanoTime() - begin);
      } else {
        errors.merge(error, 1L, Long::sum);
      }
    }
    done.increment();
    free.add((int) slot);
  }
}
