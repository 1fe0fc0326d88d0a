package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.client.GenServerClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a port meets on the open internet: other protocols, noise, silence, bytes that drip. Others
/// are served meanwhile, and nothing stays.
@Timeout(120)
class ZooIT {

  private static final long SEED = 20_261_123;
  private static final int SILENT = 200;

  /// Begins a connection in a way that is not this protocol's.
  private interface Animal {
    byte[] cry(Random random);
  }

  private static final List<Animal> ANIMALS =
      List.of(
          _ -> ascii("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
          _ -> ascii("POST /v1/call HTTP/1.1\r\nContent-Length: 1000000000\r\n\r\n"),
          _ -> ascii("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"),
          _ -> ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
          _ -> ascii("*1\r\n$4\r\nPING\r\n"), // Redis
          _ -> new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3}, // a TLS hello
          _ -> new byte[] {0, 0, 0, 0}, // a frame of nothing
          _ -> new byte[] {0, (byte) 0xff, (byte) 0xff, (byte) 0xff, '{'}, // one that is too long
          _ -> new byte[] {0, 0, 0, 50, '{', '"'}, // one that does not end
          _ -> ascii("{\"op\":\"call\""),
          ZooIT::noise);

  @TempDir Path plugins;

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] noise(Random random) {
    var bytes = new byte[1 + random.nextInt(2_000)];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void othersAreServedAndNothingStays(TestReporter reporter) throws Exception {
    DaemonFixture.WAYWARD.writeTo(plugins);
    try (var daemon = new DaemonProgram(plugins);
        var guest = GenServerClient.connect(daemon.address)) {
      callsInASecond(guest); // warms up
      var alone = callsInASecond(guest);
      var zoo = new Zoo(port(daemon));
      zoo.open();
      var beside = callsInASecond(guest);
      zoo.close();
      reporter.publishEntry(
          Map.of(
              "calls a second alone", Integer.toString(alone),
              "beside the zoo", Integer.toString(beside),
              "animals", Integer.toString(zoo.seen.get())));

      assertThat(zoo.seen.get()).isGreaterThan(ANIMALS.size() + SILENT);
      assertThat(alone).isPositive();
      assertThat(beside).isPositive();
      Awaitility.await("all connections but the guest's are closed")
          .atMost(Duration.ofSeconds(20))
          .until(() -> guest.call("sys.connections", "list", List.class).size() == 1);
      assertThat(daemon.terminate()).isZero();
      assertThat(daemon.restOfLog()).doesNotContain(" ERROR ", "Exception");
    }
  }

  /// Each of them is answered, or this fails.
  private static int callsInASecond(GenServerClient guest) {
    var end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
    var calls = 0;
    while (System.nanoTime() - end < 0) {
      guest.call("wayward", "get", Long.class);
      calls++;
    }
    return calls;
  }

  private static int port(DaemonProgram daemon) {
    return Integer.parseInt(daemon.address.substring(daemon.address.lastIndexOf(':') + 1));
  }

  /// The animals, some hundreds a second, and those that only sit there.
  private static final class Zoo {

    private final int port;
    private final List<Socket> silent = new ArrayList<>();
    private final List<Thread> keepers = new ArrayList<>();
    final AtomicInteger seen = new AtomicInteger();

    Zoo(int port) {
      this.port = port;
    }

    void open() throws IOException {
      for (var i = 0; i < SILENT; i++) {
        silent.add(connect());
        seen.incrementAndGet();
      }
      for (var i = 0; i < 4; i++) {
        var random = new Random(SEED + i);
        keepers.add(Thread.ofVirtual().start(() -> letOut(random)));
      }
    }

    private void letOut(Random random) {
      while (!Thread.currentThread().isInterrupted()) {
        try (var socket = connect()) {
          socket.getOutputStream().write(ANIMALS.get(random.nextInt(ANIMALS.size())).cry(random));
          socket.setSoTimeout(5);
          while (socket.getInputStream().read() >= 0) {
            seen.get(); // whatever it is told, it reads it
          }
        } catch (SocketTimeoutException | SocketException _) {
          // It was not answered yet, or cut off.
        } catch (IOException e) {
          throw new AssertionError(e);
        }
        seen.incrementAndGet();
      }
    }

    private Socket connect() throws IOException {
      return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    void close() throws IOException, InterruptedException {
      for (var keeper : keepers) {
        keeper.interrupt();
        keeper.join();
      }
      for (var socket : silent) {
        socket.close();
      }
    }
  }
}
