package dev.genserver.client;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.WireError;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The connection to one of several daemons: made when it is needed, and again when it was lost.
/// Thread-safe.
final class NodeConnection {

  /*
   * What is asked while there is no connection waits in a queue until the one attempt that is under
   * way has ended, either way. So requests keep their order, and a daemon that does not answer costs
   * one thread. The lock is held while requests are queued to the client, to keep that order, but
   * never while connecting.
   */

  /// A request on its way to a client.
  private interface Waiting {
    void go(GenServerClient client);

    void fail(GenServerException problem);
  }

  /// So many requests may wait for a connection; what comes after them fails.
  private static final int MAX_WAITING = 10_000;

  private final String address;
  private final ClientOptions options;
  private final Executor connecting;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private @Nullable GenServerClient client;
  private boolean isConnecting;
  private boolean ended;

  NodeConnection(String address, ClientOptions options, Executor connecting) {
    this.address = address;
    this.options = options;
    this.connecting = connecting;
  }

  String address() {
    return address;
  }

  <R> CompletableFuture<@Nullable R> call(
      String name, RawJson msg, Class<R> type, Deadline deadline) {
    var result = new CompletableFuture<@Nullable R>();
    run(
        new Waiting() {
          @Override
          public void go(GenServerClient client) {
            var left = Duration.ofNanos(Math.max(1, deadline.left()));
            var unused =
                client
                    .callAsync(name, msg, type, left)
                    .whenComplete((reply, problem) -> {
                      if (problem == null) {
                        result.complete(reply);
                      } else {
                        result.completeExceptionally(problem);
                      }
                    });
          }

          @Override
          public void fail(GenServerException problem) {
            result.completeExceptionally(problem);
          }
        });
    // Connecting may take longer than the call may.
    return deadline.leftForAnswer() == Long.MAX_VALUE
        ? result
        : result.orTimeout(deadline.leftForAnswer(), TimeUnit.NANOSECONDS);
  }

  void cast(String name, RawJson msg) {
    run(
        new Waiting() {
          @Override
          public void go(GenServerClient client) {
            client.cast(name, msg);
          }

          @Override
          public void fail(GenServerException problem) {
            // A cast tells nobody.
          }
        });
  }

  private synchronized void run(Waiting request) {
    if (ended) {
      request.fail(unavailable("this client was closed"));
    } else if (client != null && !client.isLost()) {
      go(request, client);
    } else if (waiting.size() >= MAX_WAITING) {
      request.fail(unavailable(MAX_WAITING + " requests wait for a connection already"));
    } else {
      waiting.add(request);
      if (!isConnecting) {
        isConnecting = true;
        connecting.execute(this::connect);
      }
    }
  }

  private void connect() {
    try {
      connected(GenServerClient.connect(address, options));
    } catch (GenServerException e) {
      notConnected(e);
    }
  }

  private synchronized void connected(GenServerClient made) {
    isConnecting = false;
    client = made;
    for (Waiting request; (request = waiting.poll()) != null; ) {
      go(request, made);
    }
    if (ended) {
      made.close();
    }
  }

  private void notConnected(GenServerException problem) {
    List<Waiting> failed;
    synchronized (this) {
      isConnecting = false;
      failed = List.copyOf(waiting);
      waiting.clear();
    }
    failed.forEach(request -> request.fail(problem));
  }

  private static void go(Waiting request, GenServerClient client) {
    try {
      request.go(client);
    } catch (GenServerException e) {
      request.fail(e);
    }
  }

  /// Takes no more requests.
  ///
  /// @return the client to be closed, if there is one
  synchronized @Nullable GenServerClient end() {
    ended = true;
    return client;
  }

  private GenServerException unavailable(String why) {
    return GenServerException.of(
        "reaching " + address, WireError.refused(ErrorCode.UNAVAILABLE, why));
  }

  /// What a call to one of several failed with.
  static GenServerException failure(String what, Throwable problem) {
    var cause = problem instanceof CompletionException e ? e.getCause() : problem;
    if (cause instanceof GenServerException failure) {
      return failure;
    }
    var timeout = cause instanceof TimeoutException;
    return GenServerException.of(
        what,
        new WireError(
            timeout ? ErrorCode.TIMEOUT : ErrorCode.INTERNAL,
            timeout ? "no connection in time" : String.valueOf(cause),
            Executed.MAYBE,
            Map.of()));
  }
}
