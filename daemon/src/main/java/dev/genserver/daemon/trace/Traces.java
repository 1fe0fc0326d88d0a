package dev.genserver.daemon.trace;

import dev.genserver.daemon.plugin.Plugins;
import dev.genserver.runtime.Recipient;
import dev.genserver.runtime.TraceContext;
import org.jspecify.annotations.Nullable;

/// Decides which requests from outside are recorded, and records them. Thread-safe.
public interface Traces extends AutoCloseable {

  /// Records nothing.
  Traces NONE = new Off();

  /// Records as `settings` say; nothing where they name no collector.
  ///
  /// @param version the daemon's
  /// @param instance which run of the daemon this is
  /// @param plugins whose behaviours processes are called by
  /// @throws TraceException if the settings cannot be used
  static Traces of(
      TraceSettings settings,
      String version,
      String instance,
      Plugins plugins,
      SpanCounters counters) {
    return settings
        .endpoint()
        .<Traces>map(endpoint ->
            OtlpTraces.start(endpoint, settings, version, instance, new Kinds(plugins), counters))
        .orElse(NONE);
  }

  /// Whether a request is to be recorded. Asked once for each.
  ///
  /// @param brought the trace that it brings; null if it brings none that is valid
  boolean records(@Nullable TraceContext brought);

  /// Begins to record a request that has come in just now.
  ///
  /// @param to whom it is for, as its sender says
  /// @param recipient who that is; null if it goes nowhere
  /// @param brought as with [#records]
  /// @param principal who has sent it
  RecordedRequest begin(
      TraceContext.Op op,
      String to,
      @Nullable Recipient recipient,
      @Nullable TraceContext brought,
      String principal);

  /// Sends what is recorded, as far as that is done within some seconds, and records no more.
  @Override
  void close();
}
