package dev.genserver.runtime;

import static dev.genserver.runtime.Scripted.GET;

import dev.genserver.sdk.GenServer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/// A call from outside that asks a [Scripted] server for its state.
final class TestCall extends ExternalCall {

  final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

  /// How often it was told an outcome; must become 1.
  final AtomicInteger told = new AtomicInteger();

  TestCall(TimeSource time, long timeoutNanos) {
    super(time, timeoutNanos);
  }

  @Override
  protected Object decode(GenServer<?, ?, ?> server) {
    return GET;
  }

  @Override
  protected void finished(Outcome outcome) {
    told.incrementAndGet();
    this.outcome.complete(outcome);
  }

  @Override
  public Map<String, String> meta() {
    return Map.of();
  }
}
