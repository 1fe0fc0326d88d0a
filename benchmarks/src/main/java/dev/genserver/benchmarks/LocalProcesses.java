package dev.genserver.benchmarks;

import dev.genserver.examples.counter.Counter;
import dev.genserver.runtime.Node;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartOptions;
import java.util.concurrent.TimeUnit;
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

/// What processes cost each other, without a byte on a wire. One caller, on a virtual thread as
/// processes are, that waits for each reply: nothing overlaps.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Djmh.executor=VIRTUAL")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LocalProcesses {

  private static final Counter.Call ADD = new Counter.Call.Add(1);

  private final Node node = Node.create();
  private final Pid counter = start();

  @Benchmark
  public long call() {
    return node.call(counter, ADD, Long.class);
  }

  /// The life of a short process. It is killed too, since those left over would fill the heap.
  @Benchmark
  public long startCallAndKill() {
    var pid = start();
    var total = node.call(pid, ADD, Long.class);
    node.exit(pid, ExitReason.KILLED);
    return total;
  }

  @TearDown
  public void close() {
    node.close();
  }

  private Pid start() {
    return node.start(new Counter(), StartOptions.none()).pidOrThrow();
  }
}
