package dev.genserver.daemon.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.genserver.daemon.access.Access;
import dev.genserver.daemon.access.AccessControl;
import dev.genserver.daemon.request.Gate;
import dev.genserver.runtime.Node;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What it takes to cut frames out of what one read of a socket brings. Lies in the daemon's
/// package, whose classes are its own.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FrameCut {

  private static final int FRAMES = 64;
  private static final int MANY = 1_000_000;
  private static final byte[] MESSAGE =
      """
      {"op":"call","id":1,"to":"counter","msg":{"type":"add","by":1},"timeout_ms":5000}\
      """
          .getBytes(UTF_8);

  private final Node node = Node.create();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final ByteBuf read = frames();

  public FrameCut() {
    var wiring =
        new Wiring(node, "benchmark", "1", new Gate(node, new AccessControl(Access.OPEN)), MANY);
    var peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var connection = new Connection(channel, 1, peer, settings(), wiring);
    connection.session().begin();
    var room = new FrameRoom(connection, wiring);
    channel.pipeline().addLast(new FrameDecoder(connection, room, settings().frameTimeout()));
  }

  private static WireSettings settings() {
    var minute = Duration.ofMinutes(1);
    return new WireSettings(
        MANY, minute, minute, MANY, MANY, minute, true, minute, MANY, MANY, MANY, MANY, MANY, MANY,
        MANY, minute);
  }

  private static ByteBuf frames() {
    var length = new byte[] {0, 0, 0, (byte) MESSAGE.length};
    var one = Arrays.copyOf(length, length.length + MESSAGE.length);
    System.arraycopy(MESSAGE, 0, one, length.length, MESSAGE.length);
    var all = Unpooled.directBuffer(FRAMES * one.length);
    for (var i = 0; i < FRAMES; i++) {
      all.writeBytes(one);
    }
    return all;
  }

  @Benchmark
  @OperationsPerInvocation(FRAMES)
  public int cutFrame() {
    channel.writeInbound(read.retainedDuplicate());
    var bytes = 0;
    for (byte[] message; (message = channel.readInbound()) != null; ) {
      bytes += message.length;
    }
    if (bytes != FRAMES * MESSAGE.length) {
      throw new AssertionError("%d bytes came out".formatted(bytes));
    }
    return bytes;
  }

  @TearDown
  public void close() {
    channel.finishAndReleaseAll();
    read.release();
    node.close();
  }
}
