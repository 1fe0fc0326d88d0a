package dev.genserver.runtime;

import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Pid;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/// A call from outside to a [Scripted] server.
final class TestCall extends ExternalCall {

  private final Scripted.Request request;
  final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

  /// How often it was told an outcome; must become 1.
  final AtomicInteger told = new AtomicInteger();

  private final Optional<String> trace;

  TestCall(TimeSource time, long timeoutNanos, Scripted.Request request) {
    this(time, timeoutNanos, request, Optional.empty());
  }

  /// @param trace as a caller would send it
  TestCall(TimeSource time, long timeoutNanos, Scripted.Request request, Optional<String> trace) {
    super(time, timeoutNanos);
    this.request = request;
    this.trace = trace;
  }

  @Override
  protected Object decode(GenServer<?, ?, ?> server) {
    return request;
  }

  @Override
  protected void finished(Outcome outcome) {
    told.incrementAndGet();
    this.outcome.complete(outcome);
  }

  @Override
  public Optional<Pid> caller() {
    return Optional.empty();
  }

  @Override
  public Optional<String> trace() {
    return trace;
  }

  @Override
  public Map<String, String> meta() {
    return Map.of();
  }
}
