package dev.genserver.benchmarks.wire;

import dev.genserver.benchmarks.CpuMeter;
import dev.genserver.benchmarks.Histogram;

/// What came of one measurement.
///
/// @param count requests that were done with
/// @param failed those of them that were not answered with a reply; of casts, those not counted
/// @param latencies of calls
public record Measured(
    long count, long failed, double seconds, CpuMeter.Used used, Histogram latencies) {

  public double perSecond() {
    return (count - failed) / seconds;
  }

  /// The server's processor time for one request, in microseconds.
  public double serverMicros() {
    return count == 0 ? Double.NaN : used.server() * 1e6 / count;
  }

  /// The same of who sent the requests.
  public double clientMicros() {
    return count == 0 ? Double.NaN : used.client() * 1e6 / count;
  }

  /// How often a thread of the server had or lost a processor, for one request.
  public double switches() {
    return count == 0 || used.switches() == 0 ? Double.NaN : (double) used.switches() / count;
  }

  /// Which part of the machine neither of them used.
  public double others() {
    return used.others();
  }

  public double millis(double share) {
    return latencies.count() == 0 ? Double.NaN : latencies.millis(share);
  }
}
