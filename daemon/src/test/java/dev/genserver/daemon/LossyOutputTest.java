package dev.genserver.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LossyOutputTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void whatIsWrittenComesThroughInOrder() throws Exception {
    var target = new ByteArrayOutputStream();
    var output = new LossyOutput("test", target);
    for (var i = 0; i < 100; i++) {
      output.write(("line " + i + "\n").getBytes(UTF_8));
    }
    output.drain(LONG);
    assertThat(target.toString(UTF_8).lines())
        .hasSize(100)
        .startsWith("line 0")
        .endsWith("line 99");
  }

  @Test
  void writerDoesNotWaitForAReaderThatDoesNotRead() throws Exception {
    var reads = new CountDownLatch(1);
    var target = new ByteArrayOutputStream();
    var output = new LossyOutput("test", afterwards(reads, target));
    for (var i = 0; i < 3_000; i++) {
      output.write(new byte[1_000]);
    }
    output.drain(Duration.ofMillis(10));
    reads.countDown();
    output.drain(LONG);
    assertThat(target.size()).isBetween(1_000_000, 2_100_000).matches(size -> size % 1_000 == 0);
  }

  @Test
  void diskThatWasFullIsWrittenToAgain() throws Exception {
    var target = new FullDisk();
    var output = new LossyOutput("test", target);
    output.write("lost".getBytes(UTF_8));
    output.drain(LONG);
    target.isFull = false;
    output.write("kept".getBytes(UTF_8));
    output.drain(LONG);
    assertThat(target.toString(UTF_8)).isEqualTo("kept");
  }

  private static OutputStream afterwards(CountDownLatch reads, OutputStream target) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new AssertionError("bytes come in bulk");
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
          reads.await();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        target.write(bytes, offset, length);
      }
    };
  }

  private static final class FullDisk extends ByteArrayOutputStream {

    private volatile boolean isFull = true;

    @Override
    public void write(byte[] bytes) throws IOException {
      if (isFull) {
        throw new IOException("No space left on device");
      }
      super.write(bytes);
    }
  }
}
