package dev.genserver.client;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.WireError;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Several daemons that are called and cast to at once. Thread-safe.
///
/// ```java
/// try (var nodes = Nodes.of(List.of("alpha:6470", "beta:6470"))) {
///   var totals = nodes.call("counter", "get", Long.class, Duration.ofSeconds(1));
///   totals.replies().forEach((node, total) -> …);
///   totals.badNodes().forEach(node -> …);
/// }
/// ```
///
/// Each has a client of its own, which connects in the background, and again when the connection is
/// lost. A call waits for an attempt to connect that is under way, but not for the next one.
/// Messages, replies and time are as in [GenServerClient].
public final class Nodes implements AutoCloseable {

  private final Map<String, GenServerClient> clients;
  private final ClientOptions options;

  private Nodes(Map<String, GenServerClient> clients, ClientOptions options) {
    this.clients = Collections.unmodifiableMap(clients);
    this.options = options;
  }

  /// The daemons at these addresses, with [ClientOptions#defaults].
  ///
  /// @param addresses as in [GenServerClient#connect(String)]; one that is there twice counts once
  /// @throws IllegalArgumentException if one is no address
  public static Nodes of(Collection<String> addresses) {
    return of(addresses, ClientOptions.defaults());
  }

  /// The daemons at these addresses; see [#of(Collection)].
  public static Nodes of(Collection<String> addresses, ClientOptions options) {
    var tls = options.tls().isPresent();
    addresses.forEach(address -> Address.parseAll(address, tls));
    var impatient = options.whenUnconnected(Patience.FAIL);
    var clients = new LinkedHashMap<String, GenServerClient>();
    for (var address : addresses) {
      clients.computeIfAbsent(address, one -> GenServerClient.connectInBackground(one, impatient));
    }
    return new Nodes(clients, options);
  }

  /// Calls the process of that name at each daemon, for as long as [ClientOptions#timeout] says;
  /// see [#call(String, Object, Class, Duration)].
  public <R> MultiReply<R> call(String name, Object message, Class<R> type) {
    return call(name, message, type, options.timeout());
  }

  /// Calls the process of that name at each daemon, all at once, and waits for the replies.
  /// Whatever goes wrong with one is told in the result and does not concern the others.
  ///
  /// @param timeout how long to wait, connecting included; positive
  /// @throws CallCancelledException if the thread is interrupted
  /// @throws IllegalArgumentException if the message cannot be written; nothing was sent then
  /// @otp gen_server:multi_call/4
  public <R> MultiReply<R> call(String name, Object message, Class<R> type, Duration timeout) {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted(name, Executed.NO);
    }
    try {
      return callAsync(name, message, type, timeout).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(name, Executed.MAYBE);
    } catch (ExecutionException e) {
      throw new AssertionError("failures are results", e);
    }
  }

  private static CallCancelledException interrupted(String name, Executed executed) {
    return new CallCancelledException(
        "multi-call to '" + name + "'",
        new WireError(
            ErrorCode.CANCELLED, "the waiting thread was interrupted", executed, Map.of()));
  }

  /// Calls the process of that name at each daemon and gives the replies later; see [#call(String,
  /// Object, Class, Duration)].
  public <R> CompletableFuture<MultiReply<R>> callAsync(
      String name, Object message, Class<R> type, Duration timeout) {
    var msg = MessageCodec.encode(message);
    Map<String, CompletableFuture<@Nullable R>> calls = new LinkedHashMap<>();
    clients.forEach(
        (address, client) -> calls.put(address, client.callAsync(name, msg, type, timeout)));
    return CompletableFuture.allOf(calls.values().toArray(CompletableFuture<?>[]::new))
        .handle((done, problem) -> collect(calls));
  }

  private static <R> MultiReply<R> collect(Map<String, CompletableFuture<@Nullable R>> calls) {
    Map<String, @Nullable R> replies = new LinkedHashMap<>();
    Map<String, GenServerException> failures = new LinkedHashMap<>();
    calls.forEach((address, call) -> {
      try {
        replies.put(address, call.join());
      } catch (CompletionException e) {
        failures.put(address, failure(e));
      }
    });
    return new MultiReply<>(replies, failures);
  }

  private static GenServerException failure(CompletionException e) {
    if (e.getCause() instanceof GenServerException failure) {
      return failure;
    }
    throw e;
  }

  /// Casts to the process of that name at each daemon and does not learn what becomes of it. Where
  /// there is no connection yet, the cast follows when there is. One that cannot take the cast does
  /// not keep it from the others.
  ///
  /// @throws IllegalArgumentException if the message cannot be written
  /// @otp gen_server:abcast/3
  public void cast(String name, Object message) {
    var msg = MessageCodec.encode(message);
    for (var client : clients.values()) {
      try {
        client.cast(name, msg);
      } catch (GenServerException e) {
        // A cast tells nobody; the client has counted it, and told its listeners.
      }
    }
  }

  /// Closes all connections as [GenServerClient#close] does. Closing again does nothing.
  @Override
  public void close() {
    var closing =
        clients.values().stream()
            .map(client -> CompletableFuture.runAsync(client::close))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(closing)
        .completeOnTimeout(
            null, 2 * Math.max(1, options.closeTimeout().toMillis()), TimeUnit.MILLISECONDS)
        .join();
  }
}
