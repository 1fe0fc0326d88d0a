package dev.genserver.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Runs every frame of `src/golden` through the codec; its `index.txt` says what comes out.
class GoldenFramesTest {

  private static final Path FOLDER = Path.of("src/golden");

  /// A line of the index: a message is expected if `text` is its JSON, else an error.
  record Golden(String name, boolean fromDaemon, String outcome, String id, String text) {

    static Golden parse(String line) {
      var columns = line.split("\t", -1);
      boolean fromDaemon = columns[1].equals("daemon");
      return columns[2].equals("ok")
          ? new Golden(columns[0], fromDaemon, "ok", "", columns[3])
          : new Golden(columns[0], fromDaemon, columns[2], columns[3], columns[4]);
    }

    byte[] bytes() throws IOException {
      return Files.readAllBytes(FOLDER.resolve(name + ".frame"));
    }
  }

  @TestFactory
  Stream<DynamicTest> everyFrameDecodesAsTheIndexSays() throws IOException {
    return index().map(golden -> dynamicTest(golden.name(), () -> check(golden)));
  }

  @Test
  void everyFileIsInTheIndex() throws IOException {
    try (var files = Files.list(FOLDER)) {
      assertThat(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.endsWith(".frame")))
          .hasSizeGreaterThan(100)
          .containsExactlyInAnyOrderElementsOf(
              index().map(golden -> golden.name() + ".frame").toList());
    }
  }

  @Test
  void allFramesInOnePacketAreCutApart() throws IOException {
    var goldens = index().filter(golden -> golden.outcome().equals("ok")).toList();
    var packet = new ByteArrayOutputStream();
    for (var golden : goldens) {
      packet.write(golden.bytes());
    }
    var reader = reader(new ByteArrayInputStream(packet.toByteArray()));

    for (var golden : goldens) {
      assertThat(encode(golden, reader.read())).isEqualTo(golden.text());
    }
    assertThat(reader.read()).isNull();
  }

  private static void check(Golden golden) throws IOException {
    byte[] bytes = golden.bytes();
    for (int split = 0; split <= bytes.length; split++) {
      checkRead(golden, new Split(bytes, split));
    }
    checkRead(golden, new OneByOne(bytes));
  }

  private static void checkRead(Golden golden, InputStream in) throws IOException {
    try {
      var text = encode(golden, reader(in).read());
      assertThat(golden.outcome()).isEqualTo("ok");
      assertThat(text).isEqualTo(golden.text());
    } catch (ProtocolException e) {
      if (golden.outcome().equals("ok")) {
        fail(golden.name(), e);
      }
      assertThat(e).hasMessageStartingWith(golden.text());
      assertThat(e.error().message()).isEqualTo(e.getMessage());
      assertThat(e.error().code().wireName()).isEqualTo(golden.outcome());
      assertThat(e.error().executed()).isEqualTo(Executed.NO);
      var id = e instanceof BadRequestException refused ? refused.id() : null;
      assertThat(id == null ? "-" : id.toString()).isEqualTo(golden.id());
    }
  }

  private static String encode(Golden golden, byte[] frame) {
    var out = new JsonWriter();
    if (golden.fromDaemon()) {
      ServerMessages.decode(frame, 0, frame.length).writeTo(out);
    } else {
      var message = ClientMessages.decode(frame, 0, frame.length);
      message.writeTo(out);
      assertThat(ClientMessages.decode(out.array(), 0, out.length())).isEqualTo(message);
    }
    return out.toString();
  }

  private static FrameReader reader(InputStream in) {
    return new FrameReader(in, Framing.DEFAULT_MAX_FRAME);
  }

  private static Stream<Golden> index() throws IOException {
    List<String> lines = Files.readAllLines(FOLDER.resolve("index.txt"), UTF_8);
    return lines.stream().filter(line -> !line.startsWith("#")).map(Golden::parse);
  }

  /// Hands out the bytes in two reads.
  private static final class Split extends InputStream {
    private final byte[] bytes;
    private final int split;
    private int at;

    Split(byte[] bytes, int split) {
      this.bytes = bytes;
      this.split = split;
    }

    @Override
    public int read() {
      return at < bytes.length ? bytes[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (at == bytes.length) {
        return -1;
      }
      int count = Math.min(length, (at < split ? split : bytes.length) - at);
      System.arraycopy(bytes, at, target, offset, count);
      at += count;
      return count;
    }
  }

  /// Hands out one byte a read.
  private static final class OneByOne extends InputStream {
    private final byte[] bytes;
    private int at;

    OneByOne(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return at < bytes.length ? bytes[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int next = read();
      if (next < 0) {
        return -1;
      }
      target[offset] = (byte) next;
      return 1;
    }
  }
}
