package dev.genserver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.RequestId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a connection gives back when it ends, at each byte.
class OutboundTest {

  private static final int FRAMES = 6;

  /// A channel that takes so many bytes, and no more.
  private static final class Narrow implements ByteChannel {
    private int left;
    private int taken;
    private boolean broken;

    Narrow(int left) {
      this.left = left;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      int count = Math.min(left, source.remaining());
      source.position(source.position() + count);
      left -= count;
      taken += count;
      if (broken) {
        throw new IOException("broken");
      }
      return count;
    }

    @Override
    public int read(ByteBuffer target) {
      return 0;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private final List<Request> requests = new ArrayList<>();
  private final List<JsonWriter> frames = new ArrayList<>();

  /// Casts of different lengths, but for the third frame, which is a call.
  private Outbound filled(ByteChannel channel, boolean encrypted) {
    requests.clear();
    frames.clear();
    var outbound = new Outbound(channel, encrypted, 1 << 20, () -> {});
    for (int i = 0; i < FRAMES; i++) {
      var msg = RawJson.of("\"" + "x".repeat(i) + "\"");
      var request =
          i == 2
              ? new Request(
                  7,
                  Deadline.FOREVER,
                  millis -> new ClientMessage.Call(RequestId.of(7), "c", msg, 1, Map.of(), null),
                  (connection, result) -> {})
              : Request.silent(
                  Request.frame(new ClientMessage.Cast(null, "c", msg, Map.of(), null)),
                  Deadline.FOREVER);
      requests.add(request);
      frames.add(request.frame());
      assertThat(outbound.sendSoon(request, frames.get(i))).isTrue();
    }
    return outbound;
  }

  private int total() {
    return frames.stream().mapToInt(JsonWriter::length).sum();
  }

  /// The casts that begin at this byte or behind it.
  private List<String> castsFrom(int position) {
    var casts = new ArrayList<String>();
    int start = 0;
    for (int i = 0; i < FRAMES; i++) {
      if (start >= position && requests.get(i).isSilent()) {
        casts.add(frames.get(i).toString());
      }
      start += frames.get(i).length();
    }
    return casts;
  }

  private static List<String> texts(Outbound.Leftover leftover) {
    return leftover.casts().stream().map(JsonWriter::toString).toList();
  }

  @Test
  void castsOfWhichNothingWasWrittenAreGivenBackWhateverTheByte() throws Exception {
    filled(new Narrow(0), false);
    for (int taken = 0; taken <= total(); taken++) {
      var channel = new Narrow(taken);
      var outbound = filled(channel, false);
      outbound.write();
      assertThat(outbound.written()).isEqualTo(taken);

      var leftover = outbound.close();

      assertThat(texts(leftover)).isEqualTo(castsFrom(taken));
      assertThat(leftover.others()).isEqualTo(FRAMES - 1L - castsFrom(taken).size());
      assertThat(outbound.close()).as("they are given back once").isNull();
      channel.left = 1000;
      outbound.write();
      assertThat(channel.taken).as("bytes written after the end").isEqualTo(taken);
    }
  }

  @Test
  void retiredConnectionFinishesTheFrameThatItIsAtAndNoOther() throws Exception {
    filled(new Narrow(0), false);
    for (int taken = 0; taken <= total(); taken++) {
      var channel = new Narrow(taken);
      var outbound = filled(channel, false);
      outbound.write();

      var leftover = outbound.retire();

      assertThat(texts(leftover)).isEqualTo(castsFrom(taken));
      assertThat(outbound.sendSoon(requests.get(0), frames.get(0))).isFalse();
      channel.left = 1000;
      outbound.write();
      assertThat(channel.taken).isEqualTo(leftover.end());
      assertThat(texts(leftover)).isEqualTo(castsFrom(channel.taken));
    }
  }

  @Test
  void whatTlsMayHaveEncryptedIsWrittenToItsEnd() throws Exception {
    var channel = new Narrow(1);
    var outbound = filled(channel, true);
    outbound.write();

    var leftover = outbound.retire();

    assertThat(leftover.casts()).isEmpty();
    channel.left = 1000;
    outbound.write();
    assertThat(channel.taken).isEqualTo(total()).isEqualTo((int) leftover.end());
  }

  @Test
  void writeThatFailsHasTakenNothingBeyondWhatItTells() throws Exception {
    var channel = new Narrow(0);
    var outbound = filled(channel, false);
    channel.left = frames.get(0).length();
    channel.broken = true;
    assertThatThrownBy(outbound::write).isInstanceOf(IOException.class);
    assertThat(texts(outbound.close())).isEqualTo(castsFrom(1));
  }
}
