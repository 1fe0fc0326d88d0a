package dev.genserver.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/// One server, by its name, and the messages that it takes: what it does not take does not compile.
/// Thread-safe; as good as the client that made it.
///
/// ```java
/// var counter = client.server("counter", Counter.Call.class, Counter.Cast.class);
/// long total = counter.call(new Counter.Call.Add(3), Long.class);
/// counter.cast(new Counter.Cast.Reset());
/// ```
///
/// The sealed families of a plugin are used as they are. What the server replies to a call does not
/// follow from it, so the caller says. Each method does what that of [GenServerClient] does.
///
/// @param <C> its calls
/// @param <M> its casts
public final class ServerRef<C, M> {

  private final GenServerClient client;
  private final String name;

  ServerRef(GenServerClient client, String name) {
    this.client = client;
    this.name = name;
  }

  /// What it is registered under.
  public String name() {
    return name;
  }

  /// See [GenServerClient#call(String, Object, Class)].
  public <R> @Nullable R call(C message, Class<R> type) {
    return client.call(name, message, type);
  }

  /// See [GenServerClient#call(String, Object, Class, Duration)].
  public <R> @Nullable R call(C message, Class<R> type, Duration timeout) {
    return client.call(name, message, type, timeout);
  }

  /// See [GenServerClient#call(String, Object, TypeReference, Duration)].
  public <R> @Nullable R call(C message, TypeReference<R> type, Duration timeout) {
    return client.call(name, message, type, timeout);
  }

  /// See [GenServerClient#callAsync(String, Object, Class)].
  public <R> CompletableFuture<@Nullable R> callAsync(C message, Class<R> type) {
    return client.callAsync(name, message, type);
  }

  /// See [GenServerClient#callAsync(String, Object, Class, Duration)].
  public <R> CompletableFuture<@Nullable R> callAsync(C message, Class<R> type, Duration timeout) {
    return client.callAsync(name, message, type, timeout);
  }

  /// See [GenServerClient#callAsync(String, Object, TypeReference, Duration)].
  public <R> CompletableFuture<@Nullable R> callAsync(
      C message, TypeReference<R> type, Duration timeout) {
    return client.callAsync(name, message, type, timeout);
  }

  /// See [GenServerClient#cast].
  public void cast(M message) {
    client.cast(name, message);
  }

  /// See [GenServerClient#castConfirmed(String, Object)].
  public void castConfirmed(M message) {
    client.castConfirmed(name, message);
  }

  /// See [GenServerClient#castConfirmed(String, Object, Duration)].
  public void castConfirmed(M message, Duration timeout) {
    client.castConfirmed(name, message, timeout);
  }

  /// See [GenServerClient#castConfirmedAsync(String, Object, Duration)].
  public CompletableFuture<Void> castConfirmedAsync(M message) {
    return client.castConfirmedAsync(name, message);
  }

  /// See [GenServerClient#castConfirmedAsync(String, Object, Duration)].
  public CompletableFuture<Void> castConfirmedAsync(M message, Duration timeout) {
    return client.castConfirmedAsync(name, message, timeout);
  }

  /// See [GenServerClient#monitor(String, Consumer)].
  public Monitor monitor(Consumer<Down> listener) {
    return client.monitor(name, listener);
  }

  /// See [GenServerClient#monitorAsync(String, Consumer)].
  public CompletableFuture<Monitor> monitorAsync(Consumer<Down> listener) {
    return client.monitorAsync(name, listener);
  }

  @Override
  public String toString() {
    return "server '" + name + "'";
  }
}
