package dev.genserver.daemon.trace;

import io.opentelemetry.api.common.AttributeKey;

/// The attributes of spans. None has anything of what messages say.
final class Keys {

  static final AttributeKey<String> PROCESS = AttributeKey.stringKey("genserver.process");
  static final AttributeKey<String> BEHAVIOUR = AttributeKey.stringKey("genserver.behaviour");
  static final AttributeKey<String> PLUGIN = AttributeKey.stringKey("genserver.plugin");
  static final AttributeKey<String> PRINCIPAL = AttributeKey.stringKey("genserver.principal");
  static final AttributeKey<Double> QUEUE = AttributeKey.doubleKey("genserver.queue_ms");
  static final AttributeKey<String> EXECUTED = AttributeKey.stringKey("genserver.executed");

  /// By OpenTelemetry's conventions.
  static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

  private Keys() {}
}
