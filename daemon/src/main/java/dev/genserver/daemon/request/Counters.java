package dev.genserver.daemon.request;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// What the wire has seen since it began. Thread-safe.
public final class Counters {

  public final LongAdder accepted = new LongAdder();
  public final LongAdder refused = new LongAdder();
  public final LongAdder logins = new LongAdder();
  public final LongAdder failedLogins = new LongAdder();
  public final LongAdder forbidden = new LongAdder();

  /// By name, for people and monitoring.
  public Map<String, Long> values() {
    var values = new LinkedHashMap<String, Long>();
    values.put("connections_accepted", accepted.sum());
    values.put("connections_refused", refused.sum());
    values.put("logins", logins.sum());
    values.put("logins_failed", failedLogins.sum());
    values.put("requests_forbidden", forbidden.sum());
    return values;
  }
}
