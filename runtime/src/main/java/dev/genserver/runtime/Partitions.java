package dev.genserver.runtime;

import java.math.BigInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Which process has which keys. Thread-safe: written by the supervisor of the partitions, read by
/// all.
final class Partitions {

  private final AtomicReferenceArray<@Nullable LocalProcess> processes;
  private volatile int count;

  Partitions(int count) {
    this.processes = new AtomicReferenceArray<>(count);
    this.count = count;
  }

  int count() {
    return count;
  }

  /// How many there may be at most.
  int max() {
    return processes.length();
  }

  void resize(int count) {
    this.count = count;
  }

  void set(int partition, @Nullable LocalProcess process) {
    processes.set(partition, process);
  }

  /// The process that has the key; null if its partition does not run.
  @Nullable LocalProcess find(Object key) {
    var partitions = count;
    return partitions == 0 ? null : processes.get(partition(key, partitions));
  }

  static int partition(Object key, int partitions) {
    return switch (key) {
      case Integer number -> Math.abs(number % partitions);
      case Long number -> (int) Math.abs(number % partitions);
      case Short number -> Math.abs(number % partitions);
      case Byte number -> Math.abs(number % partitions);
      case BigInteger number -> number.abs().mod(BigInteger.valueOf(partitions)).intValue();
      default -> Math.floorMod(spread(key.hashCode()), partitions);
    };
  }

  /// Hash codes of similar keys are often multiples of something.
  private static int spread(int hash) {
    var mixed = hash * 0x9E3779B9;
    return mixed ^ (mixed >>> 16);
  }
}
