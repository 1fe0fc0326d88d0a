package dev.genserver.cli;

import dev.genserver.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Puts a load on a daemon and measures how it bears it.
final class Bench {

  /// What came of it.
  ///
  /// @param done how many requests were answered, or of silent casts read
  /// @param nanos how long all that counts took
  /// @param latencies of those that were answered without an error
  /// @param errors how many requests ended in each error
  record Result(long done, long nanos, Latencies latencies, Map<ErrorCode, Long> errors) {

    long perSecond() {
      return nanos == 0 ? 0 : Math.round(done * 1e9 / nanos);
    }
  }

  /// Is told each second how many requests were done in it.
  interface Watcher {
    void second(int number, long done);
  }

  private final BenchLoad load;
  private final LongAdder done = new LongAdder();

  Bench(BenchLoad load) {
    this.load = load;
  }

  /// Runs on those connections, each for one lane.
  Result run(List<Link> links, Watcher watcher) throws InterruptedException {
    var lanes = links.stream().map(link -> new BenchLane(link, load, done)).toList();
    var threads = Thread.ofPlatform().daemon().name("lane-", 0).factory();
    try (var senders = Executors.newThreadPerTaskExecutor(threads)) {
      var running = new ArrayList<Future<?>>();
      for (var lane : lanes) {
        running.add(
            senders.submit(() -> {
              lane.run();
              return null;
            }));
      }
      watch(running, watcher);
      for (var each : running) {
        await(each);
      }
    }
    return result(lanes);
  }

  private void watch(List<Future<?>> running, Watcher watcher) throws InterruptedException {
    long before = 0;
    int second = 0;
    long next = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    while (!running.stream().allMatch(Future::isDone)) {
      TimeUnit.MILLISECONDS.sleep(20);
      if (System.nanoTime() >= next) {
        long now = done.sum();
        watcher.second(++second, now - before);
        before = now;
        next += TimeUnit.SECONDS.toNanos(1);
      }
    }
  }

  private static void await(Future<?> lane) throws InterruptedException {
    try {
      lane.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    }
  }

  private static Result result(List<BenchLane> lanes) {
    var latencies = new Latencies();
    var errors = new EnumMap<ErrorCode, Long>(ErrorCode.class);
    long silent = 0;
    long nanos = 0;
    for (var lane : lanes) {
      latencies.add(lane.latencies());
      lane.errors().forEach((code, count) -> errors.merge(code, count, Long::sum));
      silent += lane.silent();
      nanos = Math.max(nanos, lane.nanos());
    }
    return new Result(silent + latencies.count(), nanos, latencies, errors);
  }
}
