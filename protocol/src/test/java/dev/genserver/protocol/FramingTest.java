package dev.genserver.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramingTest {

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 100})
  void lengthWithinTheLimitsIsFine(int length) {
    assertThat(Framing.checkLength(length, 100)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void lengthThatHoldsNoObjectIsABadFrame(int length) {
    assertThat(Framing.checkLength(length, 100))
        .isEqualTo(
            WireError.refused(
                ErrorCode.BAD_FRAME,
                "a frame of "
                    + length
                    + " bytes holds no JSON object; send the length, then as many bytes of JSON",
                Map.of("length", (long) length, "limit", 100L)));
  }

  @ParameterizedTest
  @ValueSource(ints = {101, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
  void lengthAboveTheLimitIsTooLarge(int length) {
    var error = Framing.checkLength(length, 100);

    assertThat(error.code()).isEqualTo(ErrorCode.FRAME_TOO_LARGE);
    assertThat(error.message()).contains("exceeds the limit of 100 bytes");
    assertThat(error.details())
        .containsEntry("length", Integer.toUnsignedLong(length))
        .containsEntry("limit", 100L);
  }

  @Test
  void nothingIsAllocatedForALengthThatLies() {
    // The limit is as high as it goes; reading would need as much memory if it were believed.
    var in = new ByteArrayInputStream(new byte[] {0x7f, -1, -1, -1, '{', '}'});

    assertThatThrownBy(() -> new FrameReader(in, Framing.MAX_FRAME_CEILING).read())
        .isInstanceOf(FrameException.class)
        .hasMessage(
            "a frame of 2,147,483,647 bytes exceeds the limit of 16,777,215 bytes; send less, or"
                + " have the daemon's limit raised");
  }

  @Test
  void writtenFramesAreReadBackAndThenTheStreamEnds() throws IOException {
    var bytes = new ByteArrayOutputStream();
    var writer = new FrameWriter(bytes);
    var large = RawJson.of("\"" + "x".repeat(100_000) + "\"");
    var messages =
        List.of(
            new ClientMessage.Ping(RequestId.of(1)),
            new ClientMessage.Cast(null, "c", large, Map.of(), null),
            new ClientMessage.Ping(RequestId.of(2)));
    for (var message : messages) {
      writer.write(message);
    }
    writer.write(new ServerMessage.Ping());

    var reader = new FrameReader(new ByteArrayInputStream(bytes.toByteArray()), 1 << 20);
    for (var message : messages) {
      byte[] frame = reader.read();
      assertThat(ClientMessages.decode(frame, 0, frame.length)).isEqualTo(message);
    }
    assertThat(reader.read()).asString(UTF_8).isEqualTo("{\"op\":\"ping\"}");
    assertThat(reader.read()).isNull();
  }

  @Test
  void linesEndInLineFeedWithOrWithoutCarriageReturnOrAtTheEnd() throws IOException {
    assertThat(lines("{\"a\":1}\n{}\r\n\n\r\n{ }", 100)).containsExactly("{\"a\":1}", "{}", "{ }");
    assertThat(lines("", 100)).isEmpty();
    assertThat(lines("\r\n", 100)).isEmpty();
  }

  @Test
  void lineMayBeAsLongAsTheLimitButNoLonger() throws IOException {
    var longest = "x".repeat(5000);

    assertThat(lines(longest + "\r\n" + longest + "\n" + longest, 5000))
        .containsExactly(longest, longest, longest);
    for (var end : List.of("\n", "\r\n", "")) {
      assertThatThrownBy(() -> lines("x" + longest + end, 5000))
          .isInstanceOf(FrameException.class)
          .hasMessageStartingWith("a line exceeds the limit of 5,000 bytes");
    }
  }

  @Test
  void lineThatNeverEndsIsRefusedAtTheLimit() {
    var endless =
        new InputStream() {
          private long count;

          @Override
          public int read() {
            count++;
            return 'x';
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            target[offset] = (byte) read();
            return 1;
          }
        };

    assertThatThrownBy(() -> new LineReader(endless, 1000).read())
        .isInstanceOfSatisfying(
            FrameException.class,
            e -> assertThat(e.error().code()).isEqualTo(ErrorCode.FRAME_TOO_LARGE));
    assertThat(endless.count).isLessThan(5000);
  }

  @Test
  void linesMayArriveInAnyPieces() throws IOException {
    byte[] bytes = "{\"a\":\"é\"}\r\n{}\n".getBytes(UTF_8);
    for (int split = 0; split <= bytes.length; split++) {
      var in =
          new SequenceInputStream(
              new ByteArrayInputStream(bytes, 0, split),
              new ByteArrayInputStream(bytes, split, bytes.length - split));
      assertThat(lines(in, 100)).containsExactly("{\"a\":\"é\"}", "{}");
    }
  }

  private static List<String> lines(String text, int limit) throws IOException {
    return lines(new ByteArrayInputStream(text.getBytes(UTF_8)), limit);
  }

  private static List<String> lines(InputStream in, int limit) throws IOException {
    var reader = new LineReader(in, limit);
    var lines = new ArrayList<String>();
    for (byte[] line = reader.read(); line != null; line = reader.read()) {
      lines.add(new String(line, UTF_8));
    }
    return lines;
  }
}
