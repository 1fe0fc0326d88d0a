package dev.genserver.benchmarks;

import dev.genserver.client.ClientOptions;
import dev.genserver.client.GenServerClient;
import dev.genserver.client.GenServerException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// What fits into a container with so much memory, and what becomes of what does not: idle
/// processes until the heap is full, connections, and a load far beyond what the daemon can do.
public final class Sizing {

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int PORT = 6470;
  private static final int CONNECTIONS = 10_000;
  private static final int STEP = 50_000;

  /// How many send values of nearly a megabyte to a process that takes 50 a second, and how many
  /// ask for answers of that length and read none.
  private static final int SENDERS = 200;

  private static final int DEAF = 200;
  private static final int VALUE = 900_000;

  private final String image;
  private final int mebibytes;

  private Sizing(String image, int mebibytes) {
    this.image = image;
    this.mebibytes = mebibytes;
  }

  /// Takes the image's name, and memory in MiB once or more.
  public static void main(String[] args) throws Exception {
    for (var memory : List.of(args).subList(1, args.length)) {
      var sizing = new Sizing(args[0], Integer.parseInt(memory));
      sizing.overload();
      sizing.connections();
      sizing.processes();
    }
  }

  private void connections() throws Exception {
    try (var container = new SizedContainer(image, mebibytes);
        var client = client(container)) {
      print("flags %s".formatted(container.flags()));
      print(
          "idle: heap in use %,d MiB, memory %,d MiB"
              .formatted(usedHeap(client), container.memory()));
      var sockets = new ArrayList<Socket>();
      try {
        while (sockets.size() < CONNECTIONS) {
          var socket = new Socket(container.host, PORT);
          sockets.add(socket);
          send(socket, "{\"op\":\"ping\",\"id\":1}");
          receive(socket);
        }
        print(
            "%,d connections: heap in use %,d MiB, memory %,d MiB"
                .formatted(sockets.size(), usedHeap(client), container.memory()));
      } catch (IOException e) {
        print("%,d connections, and then: %s; %s".formatted(sockets.size(), e, container.end()));
      } finally {
        for (var socket : sockets) {
          socket.close();
        }
      }
    }
  }

  private void overload() throws Exception {
    try (var container = new SizedContainer(image, mebibytes);
        var senders = Executors.newVirtualThreadPerTaskExecutor()) {
      var outcomes = new Outcomes();
      var end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      var deaf = new ArrayList<Socket>();
      try {
        for (var i = 0; i < DEAF; i++) {
          deaf.add(new Socket(container.host, PORT));
        }
        for (var socket : deaf) {
          var _ =
              senders.submit(() -> {
                var ask =
                    "{\"op\":\"call\",\"id\":1,\"to\":\"sizing\",\"msg\":{\"type\":\"tell\",\"length\":%d}}"
                        .formatted(VALUE);
                for (var asked = 0; asked < 100; asked++) {
                  send(socket, ask);
                }
                return null;
              });
        }
        for (var i = 0; i < SENDERS; i++) {
          var _ = senders.submit(() -> callUntil(end, container, outcomes));
        }
        senders.shutdown();
        var _ = senders.awaitTermination(2, TimeUnit.MINUTES);
      } finally {
        for (var socket : deaf) {
          socket.close();
        }
      }
      if (!container.isRunning()) {
        print("overload: it did not survive that: %s; %s".formatted(container.end(), outcomes));
        return;
      }
      print(
          "overload: %s; memory at most %,d MiB; %s; %s"
              .formatted(outcomes, container.peak(), afterwards(container), container.end()));
    }
  }

  /// How long it is until somebody who comes then is answered.
  private static String afterwards(SizedContainer container) {
    var begin = System.nanoTime();
    var end = begin + LONG.toNanos();
    while (System.nanoTime() < end) {
      try (var client = client(container)) {
        var used = usedHeap(client);
        return "afterwards answered within %,d ms, heap in use %,d MiB"
            .formatted((System.nanoTime() - begin) / 1_000_000, used);
      } catch (GenServerException _) {
        // so it is not over yet
      }
    }
    return "not answered afterwards for " + LONG;
  }

  private Void callUntil(long end, SizedContainer container, Outcomes outcomes) {
    var message = Map.of("type", "take", "value", "x".repeat(VALUE));
    try (var client = client(container)) {
      while (System.nanoTime() < end) {
        try {
          client.call("slow", message, Long.class, Duration.ofSeconds(5));
          outcomes.done.increment();
        } catch (GenServerException e) {
          outcomes.add(e.getClass().getSimpleName());
        }
      }
    } catch (GenServerException e) {
      outcomes.add(e.getClass().getSimpleName());
    }
    return null;
  }

  private static final class Outcomes {

    final LongAdder done = new LongAdder();
    final Map<String, AtomicInteger> failures = new ConcurrentSkipListMap<>();

    void add(String failure) {
      failures.computeIfAbsent(failure, _ -> new AtomicInteger()).incrementAndGet();
    }

    @Override
    public String toString() {
      return "%,d calls of 0.9 MB answered, failed %s".formatted(done.sum(), failures);
    }
  }

  private void processes() throws Exception {
    try (var container = new SizedContainer(image, mebibytes);
        var client = client(container)) {
      var before = usedHeap(client);
      var started = 0L;
      var next = (long) STEP * Math.max(1, mebibytes / 256);
      try {
        while (true) {
          var count = Map.of("type", "start", "count", STEP);
          started = number(client, count);
          if (started % next == 0) {
            print(
                "%,d processes: heap in use %,d MiB more, memory %,d MiB"
                    .formatted(started, usedHeap(client) - before, container.memory()));
          }
        }
      } catch (GenServerException | IOException e) {
        print("%,d processes, and then: %s; %s".formatted(started, e, container.end()));
      }
    }
  }

  private static long usedHeap(GenServerClient client) {
    return number(client, "used_heap") >> 20;
  }

  private static long number(GenServerClient client, Object message) {
    return Objects.requireNonNull(client.call("sizing", message, Long.class, LONG));
  }

  private static GenServerClient client(SizedContainer container) {
    return GenServerClient.connect(container.host + ":" + PORT, ClientOptions.defaults());
  }

  private static void send(Socket socket, String json) throws IOException {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    var out = new DataOutputStream(socket.getOutputStream());
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static void receive(Socket socket) throws IOException {
    var in = new DataInputStream(socket.getInputStream());
    in.skipNBytes(in.readInt());
  }

  private void print(String line) {
    System.out.printf("%,d MiB: %s%n", mebibytes, line);
  }
}
