package dev.genserver.benchmarks.scale;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One of the things that are measured.
///
/// @param goal what is to be had; empty where nothing is said
record Part(String name, String goal, Work work) {

  static final String PROCESSES = "processes";

  /// Far beyond what any takes on two processors that others use as well.
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /// How it is measured.
  interface Work {
    List<Row> measure() throws IOException, InterruptedException;
  }

  /// All, in the order in which they are measured.
  ///
  /// @param root where the project is
  static List<Part> all(Path root, Sizes sizes) {
    return List.of(
        new Part(
            PROCESSES,
            "heap bytes idle, supervised and named, of 1,000 at most, better 300, at best 160",
            () -> Growth.measure(sizes.processes())),
        new Part("casts", "", () -> Casts.measure(sizes.processes(), sizes.casts())),
        new Part("restarts", "", () -> Restarts.measure(sizes.children())),
        new Part("timers", "", () -> Timers.measure(sizes.timers())),
        new Part(
            "first calls",
            "200,000 a second at least, better 500,000, at best 1,000,000",
            () -> FirstCalls.measure(sizes.spawned())),
        new Part("calls", "", () -> Calls.measure(sizes.seconds())),
        new Part("connections", "", () -> Connections.measure(root, sizes.connections())),
        new Part("queued", "", () -> Queued.measure(root, sizes.queued())));
  }

  /// Measures on a virtual thread, as processes run on such.
  ///
  /// @throws IllegalStateException if it fails or does not come to an end
  List<Row> measure() throws InterruptedException {
    var task = new FutureTask<>(work::measure);
    var thread = Thread.ofVirtual().name(name).start(task);
    try {
      return task.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(name + " could not be measured", e.getCause());
    } catch (TimeoutException e) {
      thread.interrupt();
      throw new IllegalStateException(name + " took longer than " + LIMIT, e);
    }
  }
}
