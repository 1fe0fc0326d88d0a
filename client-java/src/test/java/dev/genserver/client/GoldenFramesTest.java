package dev.genserver.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.genserver.protocol.FrameReader;
import dev.genserver.protocol.Framing;
import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.ProtocolException;
import dev.genserver.protocol.ServerMessages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Runs every golden frame of the daemon's through the client's reader, cut in two at every byte.
class GoldenFramesTest {

  private static final Path FOLDER = Path.of("../protocol/src/golden");

  @TestFactory
  Stream<DynamicTest> everyFrameIsReadAsTheIndexSaysWhereverItIsCut() throws IOException {
    var lines = Files.readAllLines(FOLDER.resolve("index.txt"), UTF_8);
    var goldens =
        lines.stream()
            .filter(line -> !line.startsWith("#"))
            .map(line -> List.of(line.split("\t", -1)))
            .filter(columns -> columns.get(1).equals("daemon"))
            .toList();
    assertThat(goldens).hasSizeGreaterThan(20);
    return goldens.stream().map(golden -> dynamicTest(golden.get(0), () -> check(golden)));
  }

  private static void check(List<String> golden) throws IOException {
    byte[] frame = Files.readAllBytes(FOLDER.resolve(golden.get(0) + ".frame"));
    for (int cut = 0; cut <= frame.length; cut++) {
      assertThat(read(frame, cut)).as("cut at %d", cut).startsWith(golden.get(golden.size() - 1));
    }
  }

  /// The message's JSON, or the error's text.
  private static String read(byte[] frame, int cut) throws IOException {
    try (var selector = Selector.open();
        var socket = SocketChannel.open()) {
      socket.configureBlocking(false);
      var key = socket.register(selector, SelectionKey.OP_READ);
      var input = new ChannelInput(new Cut(frame, cut, selector), key, () -> {});
      var read = new FrameReader(input, Framing.MAX_FRAME_CEILING).read();
      var out = new JsonWriter();
      ServerMessages.decode(read, 0, read.length).writeTo(out);
      return out.toString();
    } catch (ProtocolException e) {
      return e.getMessage();
    }
  }

  /// Has the bytes up to the cut, then nothing for once, then the others.
  private static final class Cut implements ByteChannel {
    private final ByteBuffer bytes;
    private final Selector selector;
    private boolean paused;

    Cut(byte[] bytes, int cut, Selector selector) {
      this.bytes = ByteBuffer.wrap(bytes).limit(cut);
      this.selector = selector;
    }

    @Override
    public int read(ByteBuffer target) {
      if (bytes.hasRemaining()) {
        int before = bytes.remaining();
        while (bytes.hasRemaining() && target.hasRemaining()) {
          target.put(bytes.get());
        }
        return before - bytes.remaining();
      }
      if (paused) {
        return -1;
      }
      paused = true;
      bytes.limit(bytes.capacity());
      selector.wakeup(); // what comes next is there
      return 0;
    }

    @Override
    public int write(ByteBuffer source) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
