package dev.genserver.benchmarks.scale;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/// Many that do the same at the same time, on virtual threads as processes are.
final class Callers {

  static final int MANY = 64;

  private Callers() {}

  /// Has all begin, and waits for all.
  ///
  /// @return what they have counted together
  static long run(int count, Callable<Long> each) throws InterruptedException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Callable<Long>>();
      for (var i = 0; i < count; i++) {
        all.add(each);
      }
      var total = 0L;
      for (var done : threads.invokeAll(List.copyOf(all))) {
        total += done.get();
      }
      return total;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a caller failed", e.getCause());
    }
  }
}
