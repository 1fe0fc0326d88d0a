package dev.genserver.runtime;

import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Pid;
import java.util.Map;
import java.util.Optional;

/// A cast from outside to a [Scripted] server.
record TestCast(String traceparent, Scripted.Message message) implements ExternalCast {

  @Override
  public Object decode(GenServer<?, ?, ?> server) {
    return message;
  }

  @Override
  public void undecodable(RuntimeException cause) {
    throw new AssertionError("it is decoded already", cause);
  }

  @Override
  public Optional<Pid> caller() {
    return Optional.empty();
  }

  @Override
  public Map<String, String> meta() {
    return Map.of();
  }

  @Override
  public Optional<String> trace() {
    return Optional.of(traceparent);
  }
}
