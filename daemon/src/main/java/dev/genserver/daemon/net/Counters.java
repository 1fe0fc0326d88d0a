package dev.genserver.daemon.net;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// What the wire has seen since it began. Thread-safe.
final class Counters {

  final LongAdder accepted = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder logins = new LongAdder();
  final LongAdder failedLogins = new LongAdder();
  final LongAdder forbidden = new LongAdder();

  /// By name, for people and monitoring.
  Map<String, Long> values() {
    var values = new LinkedHashMap<String, Long>();
    values.put("connections_accepted", accepted.sum());
    values.put("connections_refused", refused.sum());
    values.put("logins", logins.sum());
    values.put("logins_failed", failedLogins.sum());
    values.put("requests_forbidden", forbidden.sum());
    return values;
  }
}
