package dev.genserver.client;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.WireError;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
/// Each has a connection of its own, made when it is first needed, and again when it was lost.
/// Messages, replies and time are as in [GenServerClient].
public final class Nodes implements AutoCloseable {

  private final List<NodeConnection> nodes;
  private final ClientOptions options;
  private final ExecutorService connecting = Executors.newCachedThreadPool(Nodes::connectingThread);

  private Nodes(Collection<String> addresses, ClientOptions options) {
    this.options = options;
    this.nodes =
        new LinkedHashSet<>(addresses)
            .stream().map(address -> new NodeConnection(address, options, connecting)).toList();
  }

  /// The daemons at these addresses, with [ClientOptions#defaults]. Connects to none yet.
  ///
  /// @param addresses as in [GenServerClient#connect(String)]; one that is there twice counts once
  /// @throws IllegalArgumentException if one is no address
  public static Nodes of(Collection<String> addresses) {
    return of(addresses, ClientOptions.defaults());
  }

  /// The daemons at these addresses; see [#of(Collection)].
  public static Nodes of(Collection<String> addresses, ClientOptions options) {
    addresses.forEach(address -> Address.parse(address, options.tls().isPresent()));
    return new Nodes(addresses, options);
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
    try {
      return callAsync(name, message, type, timeout).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallCancelledException(
          "multi-call to '" + name + "'",
          new WireError(
              ErrorCode.CANCELLED, "the waiting thread was interrupted", Executed.MAYBE, Map.of()));
    } catch (ExecutionException e) {
      throw new AssertionError("failures are results", e);
    }
  }

  /// Calls the process of that name at each daemon and gives the replies later; see [#call(String,
  /// Object, Class, Duration)].
  public <R> CompletableFuture<MultiReply<R>> callAsync(
      String name, Object message, Class<R> type, Duration timeout) {
    var msg = MessageCodec.encode(message);
    var deadline = Deadline.after(timeout);
    Map<String, CompletableFuture<@Nullable R>> calls = new LinkedHashMap<>();
    for (var node : nodes) {
      calls.put(node.address(), node.call(name, msg, type, deadline));
    }
    return CompletableFuture.allOf(calls.values().toArray(CompletableFuture<?>[]::new))
        .handle((done, problem) -> collect(name, calls));
  }

  private static <R> MultiReply<R> collect(
      String name, Map<String, CompletableFuture<@Nullable R>> calls) {
    Map<String, @Nullable R> replies = new LinkedHashMap<>();
    Map<String, GenServerException> failures = new LinkedHashMap<>();
    calls.forEach((address, call) ->
        call.handle(
                (reply, problem) -> {
                  if (problem == null) {
                    replies.put(address, reply);
                  } else {
                    failures.put(
                        address, NodeConnection.failure("call to '" + name + "'", problem));
                  }
                  return address;
                })
            .join());
    return new MultiReply<>(replies, failures);
  }

  /// Casts to the process of that name at each daemon and does not learn what becomes of it.
  /// Returns at once: where there is no connection yet, the cast follows when there is.
  ///
  /// @throws IllegalArgumentException if the message cannot be written
  /// @otp gen_server:abcast/3
  public void cast(String name, Object message) {
    var msg = MessageCodec.encode(message);
    nodes.forEach(node -> node.cast(name, msg));
  }

  /// Closes all connections as [GenServerClient#close] does. Closing again does nothing.
  @Override
  public void close() {
    connecting.shutdown();
    var closing =
        nodes.stream()
            .flatMap(node -> Stream.ofNullable(node.end()))
            .map(client -> CompletableFuture.runAsync(client::close))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(closing)
        .completeOnTimeout(
            null, 2 * Math.max(1, options.closeTimeout().toMillis()), TimeUnit.MILLISECONDS)
        .join();
  }

  private static Thread connectingThread(Runnable task) {
    var thread = new Thread(task, "genserver-client-connecting");
    thread.setDaemon(true);
    return thread;
  }
}
