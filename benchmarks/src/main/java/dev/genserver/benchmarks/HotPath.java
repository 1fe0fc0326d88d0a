package dev.genserver.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.genserver.daemon.binding.Binding;
import dev.genserver.daemon.binding.ReplyEncoder;
import dev.genserver.daemon.metrics.Meter;
import dev.genserver.daemon.metrics.Meters;
import dev.genserver.daemon.metrics.Op;
import dev.genserver.examples.counter.Counter;
import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ClientMessages;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What a call costs between the frame that comes in and the JSON that goes out, step by step.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HotPath {

  private static final int MAX_BYTES = 8 * 1024 * 1024;

  // Not static final: the compiler would fold what is constant.
  private byte[] frame =
      """
      {"op":"call","id":1,"to":"counter","msg":{"type":"add","by":1},"timeout_ms":5000}\
      """
          .getBytes(UTF_8);
  private byte[] message = "{\"type\":\"add\",\"by\":1}".getBytes(UTF_8);
  private Class<?> server = Counter.class;
  private Object number = 1_234_567L;
  private Object record = new Counter.State(1_234_567);
  private Meter meter = new Meters().newMeter();
  private long[] times = new Random(1).longs(1 << 10, 10_000, 10_000_000).toArray();
  private int calls;

  /// The envelope; the message in it stays bytes. On the event loop.
  @Benchmark
  public ClientMessage decodeEnvelope() {
    return ClientMessages.decode(frame, 0, frame.length);
  }

  /// The message becomes a record of the plugin. On the thread of the process.
  @Benchmark
  public Object bindMessage() {
    return Binding.of(server).decodeCall(message, 0, message.length);
  }

  /// A call is counted, when it is read and when it is answered. On the event loop.
  @Benchmark
  public Meter countCall() {
    meter.request(Op.CALL);
    meter.answered(times[calls++ % times.length]);
    return meter;
  }

  /// Numbers, like short texts, have a way of their own.
  @Benchmark
  public byte[] encodeNumber() {
    return ReplyEncoder.encode(number, MAX_BYTES);
  }

  @Benchmark
  public byte[] encodeRecord() {
    return ReplyEncoder.encode(record, MAX_BYTES);
  }
}
