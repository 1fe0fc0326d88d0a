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

  TestCall(TimeSource time, long timeoutNanos, Scripted.Request request) {
    super(time, timeoutNanos);
    this.request = request;
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
  public Map<String, String> meta() {
    return Map.of();
  }
}
