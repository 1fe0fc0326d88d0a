package dev.genserver.runtime;

import dev.genserver.examples.counter.Counter;
import dev.genserver.sdk.StartOptions;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What the parts of a message's way cost: the mailbox, and a thread for a process that had none.
/// Lies in the runtime's package, whose classes are its own.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Djmh.executor=VIRTUAL")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Activations {

  private final Node node = Node.create();
  private final LocalProcess process =
      Objects.requireNonNull(
          node.table.find(node.start(new Counter(), StartOptions.none()).pidOrThrow()));
  private final Mailbox mailbox = new LinkedMailbox();
  private final Envelope message = new Envelope.Cast("message", null);
  private volatile boolean done;

  /// A message is put in and taken out by one thread.
  @Benchmark
  public @Nullable Object putAndTake() {
    mailbox.put(message);
    return mailbox.take();
  }

  /// A process gets a thread, which does nothing but wake the one that waits for it.
  @Benchmark
  public void activate() {
    var caller = Thread.currentThread();
    done = false;
    node.scheduler.activate(
        process,
        () -> {
          done = true;
          LockSupport.unpark(caller);
        },
        LocalProcess.HOST);
    while (!done) {
      LockSupport.park(this);
    }
  }

  @TearDown
  public void close() {
    node.close();
  }
}
