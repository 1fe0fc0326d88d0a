package dev.genserver.daemon.metrics;

import java.util.Locale;

/// What a client can ask.
public enum Op {
  CALL,
  CAST,
  CANCEL,
  PING,
  HELLO,
  MONITOR,
  DEMONITOR;

  /// As it stands on the wire, such as `call`.
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
