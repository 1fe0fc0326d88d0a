package dev.genserver.benchmarks;

import dev.genserver.protocol.FrameReader;
import dev.genserver.protocol.Framing;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// How well guests are served while a port scan's zoo is at the same door.
///
/// There are two daemons. The guests call the first one: while nobody else is there, while the zoo
/// is at the second one, which takes the machine's time as well and is what to compare with, and
/// while it is at the first one. The three take turns, in another order each round.
public final class BesideTheZoo {

  /// Where the zoo is meanwhile.
  enum Where {
    NOWHERE,
    ELSEWHERE,
    HERE
  }

  /// Calls a second, round by round.
  private record Rates(List<Double> alone, List<Double> elsewhere, List<Double> here) {

    static Rates none() {
      return new Rates(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    List<Double> of(Where where) {
      return switch (where) {
        case NOWHERE -> alone;
        case ELSEWHERE -> elsewhere;
        case HERE -> here;
      };
    }
  }

  private static final byte[] GET =
      "{\"op\":\"call\",\"id\":1,\"to\":\"counter\",\"msg\":\"get\"}"
          .getBytes(StandardCharsets.UTF_8);

  private final BenchedDaemon here;
  private final BenchedDaemon elsewhere;
  private final double rate;
  private final double seconds;

  private BesideTheZoo(BenchedDaemon here, BenchedDaemon elsewhere, double rate, double seconds) {
    this.here = here;
    this.elsewhere = elsewhere;
    this.rate = rate;
    this.seconds = seconds;
  }

  /// Takes `--quick`.
  public static void main(String[] args) throws Exception {
    var quick = List.of(args).contains("--quick");
    var root = Path.of(System.getProperty("genserver.root", "."));
    try (var here = BenchedDaemon.withCounter(root);
        var elsewhere = BenchedDaemon.withCounter(root)) {
      System.out.println(
          """
          | animals/s | guests | alone | zoo elsewhere | zoo here | here/elsewhere | here/alone |
          |---:|---:|---:|---:|---:|---:|---:|\
          """);
      for (var rate : quick ? new double[] {300} : new double[] {300, 900}) {
        new BesideTheZoo(here, elsewhere, rate, quick ? 1 : 3).run(quick ? 1 : 7);
      }
    }
  }

  private void run(int rounds) throws Exception {
    warmUp();
    for (var guests : new int[] {1, 16}) {
      var rates = Rates.none();
      var order = new ArrayList<>(Arrays.asList(Where.values()));
      for (var round = 0; round < rounds; round++) {
        Collections.rotate(order, 1);
        for (var where : order) {
          rates.of(where).add(callsPerSecond(guests, where));
        }
      }
      print(guests, rates);
    }
    printCost();
  }

  /// A daemon that has just started is busy compiling itself.
  private void warmUp() throws Exception {
    for (var daemon : List.of(here, elsewhere)) {
      var zoo = zoo(daemon, 900, 3 * seconds);
      guests(daemon.port, 16, 2 * seconds);
      visitors(zoo);
    }
  }

  private double callsPerSecond(int guests, Where where) throws Exception {
    if (where == Where.NOWHERE) {
      return guests(here.port, guests, seconds);
    }
    var zoo = zoo(where == Where.HERE ? here : elsewhere, rate, seconds + 1);
    Thread.sleep(Duration.ofMillis(600)); // until its JVM is up
    var calls = guests(here.port, guests, seconds - 0.2);
    var visitors = visitors(zoo);
    if (visitors < rate * seconds / 2) {
      throw new IOException(
          "only %d animals were answered of %.0f a second".formatted(visitors, rate));
    }
    return calls;
  }

  /// Calls of callers that wait for each answer, all together.
  private static double guests(int port, int guests, double seconds) throws Exception {
    try (var threads = Executors.newCachedThreadPool()) {
      var begin = System.nanoTime();
      var counts = new ArrayList<Future<Integer>>();
      for (var i = 0; i < guests; i++) {
        counts.add(threads.submit(caller(port, begin + (long) (seconds * 1e9))));
      }
      var calls = 0;
      for (var count : counts) {
        calls += count.get();
      }
      return calls * 1e9 / (System.nanoTime() - begin);
    } catch (ExecutionException e) {
      throw new IOException("a guest was not served", e.getCause());
    }
  }

  private static Callable<Integer> caller(int port, long end) {
    return () -> {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setTcpNoDelay(true);
        var frames = new FrameReader(socket.getInputStream(), Framing.DEFAULT_MAX_FRAME);
        var request = request();
        var calls = 0;
        while (System.nanoTime() < end) {
          socket.getOutputStream().write(request);
          var answer = frames.read();
          if (answer == null || !new String(answer, StandardCharsets.UTF_8).contains("reply")) {
            throw new IOException("no reply to a guest");
          }
          calls++;
        }
        return calls;
      }
    };
  }

  private static byte[] request() throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeInt(GET.length);
    out.write(GET);
    return bytes.toByteArray();
  }

  private static Process zoo(BenchedDaemon daemon, double rate, double seconds) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Zoo.class.getName(),
            Integer.toString(daemon.port),
            Double.toString(rate),
            Double.toString(seconds))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static int visitors(Process zoo) throws IOException, InterruptedException {
    var count = zoo.inputReader(StandardCharsets.UTF_8).readLine();
    zoo.waitFor();
    if (count == null) {
      throw new IOException("the zoo did not open");
    }
    return Integer.parseInt(count);
  }

  private void print(int guests, Rates rates) {
    var beside = Figures.median(rates.here);
    System.out.printf(
        "| %.0f | %d | %s | %s | %s | %.2f | %.2f |%n",
        rate,
        guests,
        shown(rates.alone),
        shown(rates.elsewhere),
        shown(rates.here),
        beside / Figures.median(rates.elsewhere),
        beside / Figures.median(rates.alone));
  }

  private void printCost() throws Exception {
    var before = here.cpu();
    var zoo = zoo(here, rate, seconds);
    var visitors = visitors(zoo);
    System.out.printf(
        "%nA stranger costs the daemon %.0f µs of CPU time, at %.0f a second and no guests.%n%n",
        here.cpu().minus(before).toNanos() / 1e3 / visitors, rate);
  }

  private static String shown(List<Double> rates) {
    return "%,.0f (%,.0f to %,.0f)"
        .formatted(Figures.median(rates), Collections.min(rates), Collections.max(rates));
  }
}
