package dev.genserver.daemon.metrics;

import dev.genserver.protocol.ErrorCode;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/// What is counted where requests are read and answered. Thread-safe.
public final class Meters {

  private final List<Meter> meters = new CopyOnWriteArrayList<>();
  private final Meter shared = newMeter(); // guarded by itself
  private final Map<ErrorCode, LongAdder> errors = new EnumMap<>(ErrorCode.class);

  public Meters() {
    Arrays.stream(ErrorCode.values()).forEach(code -> errors.put(code, new LongAdder()));
  }

  /// A meter for a thread that lives as long as this.
  public Meter newMeter() {
    var meter = new Meter();
    meters.add(meter);
    return meter;
  }

  /// A request was read by a thread that has no meter.
  public void request(Op op) {
    synchronized (shared) {
      shared.request(op);
    }
  }

  /// A call was answered, with a reply or an error, by a thread that has no meter.
  ///
  /// @param took since it was read, in nanoseconds
  public void answered(long took) {
    synchronized (shared) {
      shared.answered(took);
    }
  }

  /// A request was answered with an error.
  public void error(ErrorCode code) {
    Objects.requireNonNull(errors.get(code)).increment();
  }

  /// How many requests of that kind were read.
  long requests(Op op) {
    return meters.stream().mapToLong(meter -> meter.requests(op)).sum();
  }

  /// How many answers were errors, for each code that a daemon can send.
  Map<ErrorCode, Long> errors() {
    var values = new EnumMap<ErrorCode, Long>(ErrorCode.class);
    errors.forEach((code, count) -> values.put(code, count.sum()));
    values.remove(ErrorCode.UNRECOGNISED);
    return values;
  }

  /// How long the calls took that were answered.
  Latencies latencies() {
    var counts = new long[Latencies.BUCKETS];
    meters.forEach(meter -> meter.addTo(counts));
    return new Latencies(counts, meters.stream().mapToLong(Meter::nanos).sum());
  }
}
