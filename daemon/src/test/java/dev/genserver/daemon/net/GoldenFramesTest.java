package dev.genserver.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.daemon.access.Access;
import dev.genserver.daemon.access.AccessControl;
import dev.genserver.daemon.request.Gate;
import dev.genserver.runtime.Node;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The protocol's golden frames, cut by the daemon's decoder at every byte.
class GoldenFramesTest {

  private static final Path GOLDEN = Path.of("../protocol/src/golden");

  @TestFactory
  Stream<DynamicTest> everyGoldenFrameIsCutAlikeAtEverySplit() throws IOException {
    try (var files = Files.list(GOLDEN)) {
      var frames =
          files
              .filter(file -> file.toString().endsWith(".frame"))
              .filter(GoldenFramesTest::isWhole)
              .sorted()
              .toList();
      assertThat(frames).hasSizeGreaterThan(50);
      return frames.stream()
          .map(file ->
              DynamicTest.dynamicTest(file.getFileName().toString(), () -> cutAtEveryByte(file)));
    }
  }

  /// What is wrong with lengths ends the connection, see [FramingOverTheWireTest].
  private static boolean isWhole(Path file) {
    var name = file.getFileName().toString();
    return !name.startsWith("length-") && !name.startsWith("truncated-");
  }

  private static final InetSocketAddress NOWHERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static void cutAtEveryByte(Path file) throws IOException {
    try (var node = Node.create()) {
      cutAtEveryByte(file, node);
    }
  }

  private static void cutAtEveryByte(Path file, Node node) throws IOException {
    var frame = Files.readAllBytes(file);
    var body = Arrays.copyOfRange(frame, 4, frame.length);
    var step = Math.max(1, frame.length / 200);
    for (var at = 1; at <= frame.length; at += step) {
      var channel = new EmbeddedChannel();
      var gate = new Gate(node, new AccessControl(Access.OPEN));
      var wiring = new Wiring(node, "test", "1", gate, 1 << 20);
      var connection = new Connection(channel, 1, NOWHERE, Limits.usual(), wiring);
      connection.session().begin();
      channel
          .pipeline()
          .addLast(
              new FrameDecoder(
                  connection, new FrameRoom(connection, wiring), Limits.usual().frameTimeout()));
      channel.writeInbound(Unpooled.wrappedBuffer(Arrays.copyOf(frame, at)));
      if (at < frame.length) {
        channel.writeInbound(Unpooled.wrappedBuffer(Arrays.copyOfRange(frame, at, frame.length)));
      }
      assertThat(channel.<byte[]>readInbound()).as("split at %d", at).isEqualTo(body);
      assertThat(channel.<byte[]>readInbound()).isNull();
      channel.finishAndReleaseAll();
    }
  }
}
