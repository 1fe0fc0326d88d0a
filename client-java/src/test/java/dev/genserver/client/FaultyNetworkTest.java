package dev.genserver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.client.ScriptedServer.Peer;
import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.ProtocolException;
import dev.genserver.protocol.ServerMessage;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever the network does, each request ends once and truly, and nothing is executed twice.
@Timeout(120)
class FaultyNetworkTest {

  private static final int REQUESTS = 300;
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Backoff SOON = new Backoff(Duration.ofMillis(1), Duration.ofMillis(4));

  static LongStream seeds() {
    var one = Long.getLong("seed");
    return one == null ? LongStream.range(0, 8) : LongStream.of(one);
  }

  /// A daemon behind a network that refuses, stalls, and cuts connections at any byte.
  private static final class FaultyDaemon implements AutoCloseable {
    private final Random random;
    private final ServerSocket listener;
    private final List<String> executed = new CopyOnWriteArrayList<>();
    private volatile boolean healed;
    private final AtomicInteger connections = new AtomicInteger();

    FaultyDaemon(long seed) throws IOException {
      random = new Random(seed);
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      var thread = new Thread(this::run, "faulty-daemon");
      thread.setDaemon(true);
      thread.start();
    }

    String address() {
      return "127.0.0.1:" + listener.getLocalPort();
    }

    private void run() {
      while (!listener.isClosed()) {
        try (var socket = listener.accept()) {
          connections.incrementAndGet();
          socket.setTcpNoDelay(true);
          if (random.nextBoolean()) {
            socket.setSoLinger(true, 0);
          }
          serve(socket);
        } catch (IOException | ProtocolException e) {
          // The connection was cut, by either side.
        }
      }
    }

    private void serve(Socket socket) throws IOException {
      boolean refuses = !healed && random.nextInt(4) == 0;
      if (refuses) {
        return;
      }
      var peer =
          new Peer(
              socket,
              new CutInput(socket.getInputStream(), healed ? -1 : random.nextInt(6_000)),
              new CutOutput(socket.getOutputStream(), healed ? -1 : random.nextInt(4_000)));
      peer.welcome();
      for (ClientMessage message; (message = peer.read()) != null; ) {
        if (!healed && random.nextInt(50) == 0) {
          LockSupport.parkNanos(random.nextInt(10_000_000));
        }
        execute(peer, message);
      }
    }

    private void execute(Peer peer, ClientMessage message) throws IOException {
      if (message instanceof ClientMessage.Call call) {
        executed.add(call.msg().toString());
        peer.reply(call, call.msg().toString());
      } else if (message instanceof ClientMessage.Cast cast) {
        executed.add(cast.msg().toString());
        if (cast.id() != null) {
          peer.send(new ServerMessage.Ok(cast.id(), null));
        }
      } else if (message instanceof ClientMessage.Ping ping) {
        peer.send(new ServerMessage.Pong(ping.id()));
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  /// Ends after so many bytes.
  private static final class CutInput extends FilterInputStream {
    private int left;

    CutInput(InputStream in, int left) {
      super(in);
      this.left = left;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = super.read(target, offset, left < 0 ? length : Math.min(length, left));
      left -= left < 0 ? 0 : Math.max(count, 0);
      return count;
    }
  }

  /// Breaks after so many bytes.
  private static final class CutOutput extends FilterOutputStream {
    private int left;

    CutOutput(OutputStream out, int left) {
      super(out);
      this.left = left;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      int count = left < 0 ? length : Math.min(length, left);
      out.write(source, offset, count);
      left -= left < 0 ? 0 : count;
      if (count < length) {
        throw new IOException("cut");
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyRequestEndsOnceAndTrulyAndNothingIsExecutedTwice(long seed) throws Exception {
    var random = new Random(~seed);
    var options =
        ClientOptions.defaults()
            .reconnect(SOON)
            .retry(Retry.unexecuted(Integer.MAX_VALUE, SOON))
            .timeout(TIMEOUT);
    Map<String, CompletableFuture<?>> asked = new HashMap<>();
    var silent = new ArrayList<String>();
    try (var daemon = new FaultyDaemon(seed);
        var client = GenServerClient.connectInBackground(daemon.address(), options)) {
      for (int i = 0; i < REQUESTS; i++) {
        var msg = "\"" + i + "\"";
        switch (random.nextInt(3)) {
          case 0 -> {
            client.cast("c", Integer.toString(i));
            silent.add(msg);
          }
          case 1 -> asked.put(msg, client.castConfirmedAsync("c", Integer.toString(i)));
          default ->
              asked.put(
                  msg,
                  client
                      .callAsync("c", Integer.toString(i), String.class)
                      .thenAccept(reply -> assertThat("\"" + reply + "\"").isEqualTo(msg)));
        }
        if (random.nextInt(10) == 0) {
          LockSupport.parkNanos(random.nextInt(3_000_000));
        }
      }
      await("all have ended")
          .atMost(Duration.ofSeconds(60))
          .until(() -> asked.values().stream().allMatch(CompletableFuture::isDone));
      daemon.healed = true;
      await("a flush that gets through")
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(() -> {
            client.flush(TIMEOUT);
            return true;
          });

      var times = new HashMap<String, Integer>();
      daemon.executed.forEach(msg -> times.merge(msg, 1, Integer::sum));
      assertThat(times.values()).as("executions of one request").containsOnly(1);
      asked.forEach((msg, end) -> assertTrue(msg, end, times.containsKey(msg)));
      var arrived = daemon.executed.stream().filter(silent::contains).toList();
      assertThat(silent).as("silent casts in order").containsSubsequence(arrived);
      int missing = silent.size() - arrived.size();
      assertThat((long) missing)
          .as("what is missing was told")
          .isLessThanOrEqualTo(client.casts().maybeLost());
      assertThat(daemon.connections).as("a bad network").hasValueGreaterThan(1);
      assertThat(client.casts().refused()).isZero();
      assertThat(client.casts().buffered()).isZero();
    }
  }

  /// What the caller was told is what the daemon knows.
  private static void assertTrue(String msg, CompletableFuture<?> end, boolean wasExecuted) {
    try {
      end.join();
      assertThat(wasExecuted).as("%s was answered, so it was executed", msg).isTrue();
    } catch (CompletionException e) {
      assertThat(e.getCause())
          .isInstanceOfSatisfying(
              GenServerException.class,
              failure -> {
                if (failure.executed() == Executed.NO) {
                  assertThat(wasExecuted).as("%s failed unexecuted", msg).isFalse();
                } else {
                  assertThat(failure).isInstanceOf(ConnectionLostException.class);
                }
              });
    }
  }
}
