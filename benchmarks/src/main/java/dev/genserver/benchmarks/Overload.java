package dev.genserver.benchmarks;

import dev.genserver.benchmarks.OpenLoop.End;
import dev.genserver.protocol.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Offers a process more work than it can do, and prints what becomes of the requests.
///
/// First the process's capacity is measured, by offering twice as much as it can have and counting
/// what it ran; then it is offered multiples of that.
public final class Overload {

  private static final int CONNECTIONS = 16;
  private static final double NOMINAL = 500; // two milliseconds a message

  private Overload() {}

  /// One step of the scenario.
  ///
  /// @param goodput replies in time, and casts, a second until all that was taken had run
  /// @param ran how many requests the process ran
  /// @param ranThoughNot how many it ran of those that were said not to be executed
  /// @param unanswered requests without an answer, `excess` answers without a request
  /// @param dishonest refusals that do not say that nothing was executed
  /// @param replyMs p50, p99 and the longest time until a reply, `refusalMs` until a refusal
  record Step(
      int maxQueue,
      double factor,
      double offered,
      double goodput,
      double ranPerSecond,
      int replied,
      int casts,
      int overloaded,
      int expiredQueued,
      int expiredRunning,
      int other,
      int ran,
      int ranThoughNot,
      int unanswered,
      int excess,
      int dishonest,
      List<Double> replyMs,
      List<Double> refusalMs,
      double heapMiB,
      long residentMiB,
      double cpuCores) {}

  /// Takes `--quick`, `--json` and `--plots FOLDER`.
  public static void main(String[] args) throws IOException {
    var options = List.of(args);
    var root = Path.of(System.getProperty("genserver.root", "."));
    var steps = run(root, options.contains("--quick"));
    if (options.contains("--json")) {
      steps.forEach(step -> System.out.println(json(step)));
    } else {
      System.out.print(OverloadTable.of(steps));
    }
    var plots = options.indexOf("--plots");
    if (plots >= 0) {
      OverloadPlots.write(steps, Path.of(options.get(plots + 1)));
    }
  }

  /// Runs the scenario against the daemon that was built in the project at `root`.
  static List<Step> run(Path root, boolean quick) throws IOException {
    var steps = new ArrayList<Step>();
    for (var maxQueue : quick ? new int[] {50} : new int[] {200, 10_000}) {
      try (var daemon = new BenchedDaemon(root, OverloadPlugin.jar(maxQueue)::writeTo);
          var load = new OpenLoop(daemon.port, CONNECTIONS)) {
        var seconds = quick ? 1 : 6;
        var capacity = capacity(daemon, load, quick ? 1 : 4);
        for (var factor : quick ? new double[] {0.5, 10} : new double[] {0.5, 1, 2, 10, 50}) {
          steps.add(step(daemon, load, maxQueue, factor, capacity, seconds));
        }
      }
    }
    return steps;
  }

  /// Messages a second; warms up as well.
  private static double capacity(BenchedDaemon daemon, OpenLoop load, int seconds)
      throws IOException {
    load.run((int) (NOMINAL / 2 * seconds), NOMINAL / 2);
    daemon.ask("slow", "take_ran");
    var begin = System.nanoTime();
    load.run((int) (NOMINAL * 2 * seconds), NOMINAL * 2);
    var ran = ran(daemon).cardinality();
    return ran * 1e9 / (System.nanoTime() - begin);
  }

  private static Step step(
      BenchedDaemon daemon,
      OpenLoop load,
      int maxQueue,
      double factor,
      double capacity,
      int seconds)
      throws IOException {
    var cpu = daemon.cpu();
    var begin = System.nanoTime();
    var rate = capacity * factor;
    var sample = load.run((int) (rate * seconds), rate);
    var ran = ran(daemon); // the casts that were taken have run by then, too
    var elapsed = (System.nanoTime() - begin) / 1e9;
    var used = daemon.cpu().minus(cpu).toNanos() / 1e9;
    var ranThoughNot = 0;
    for (var seq = 0; seq < sample.ends().length(); seq++) {
      var end = sample.end(seq);
      if (ran.get(seq) && (end == End.OVERLOADED || end == End.EXPIRED_QUEUED)) {
        ranThoughNot++;
      }
    }
    return new Step(
        maxQueue,
        factor,
        sample.ends().length() / sample.seconds(),
        (sample.count(End.REPLIED) + sample.count(End.CAST_TAKEN)) / elapsed,
        ran.cardinality() / elapsed,
        sample.count(End.REPLIED),
        sample.count(End.CAST_TAKEN),
        sample.count(End.OVERLOADED),
        sample.count(End.EXPIRED_QUEUED),
        sample.count(End.EXPIRED_RUNNING),
        sample.count(End.OTHER),
        ran.cardinality(),
        ranThoughNot,
        sample.count(End.OPEN),
        sample.excess(),
        sample.dishonest(),
        percentiles(sample, End.REPLIED),
        percentiles(sample, End.OVERLOADED),
        Double.parseDouble(daemon.ask("slow", "used_memory")) / (1 << 20),
        daemon.residentMiB(),
        used / elapsed);
  }

  private static List<Double> percentiles(OpenLoop.Sample sample, End end) {
    return List.of(
        sample.percentile(end, 0.5), sample.percentile(end, 0.99), sample.percentile(end, 1));
  }

  /// Which requests ran since this was last asked. The answer waits its turn behind what is queued.
  private static BitSet ran(BenchedDaemon daemon) throws IOException {
    var ran = new BitSet();
    for (var seq : daemon.ask("slow", "take_ran").replaceAll("[\\[\\] ]", "").split(",", -1)) {
      if (!seq.isEmpty()) {
        ran.set(Integer.parseInt(seq));
      }
    }
    return ran;
  }

  private static String json(Step step) {
    return new JsonWriter().value(OverloadTable.fields(step)).toRawJson().toString();
  }
}
