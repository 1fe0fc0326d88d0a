package dev.genserver.runtime;

import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Request;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// What is known of a cast from within the node, which has a trace and nothing else.
record LocalCast(TraceContext traceContext) implements Request {

  @Override
  public Optional<Pid> caller() {
    return Optional.empty();
  }

  @Override
  public Optional<Duration> remaining() {
    return Optional.empty();
  }

  @Override
  public Map<String, String> meta() {
    return Map.of();
  }

  @Override
  public Optional<String> trace() {
    return Optional.of(traceContext.received());
  }
}
