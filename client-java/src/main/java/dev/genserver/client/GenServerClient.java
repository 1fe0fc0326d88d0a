package dev.genserver.client;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JavaType;

/// Calls and casts to the processes of a daemon, and watches over them. Thread-safe: many threads
/// may use it, and many calls be open, at the same time.
///
/// ```java
/// try (var client = GenServerClient.connect("localhost:6470")) {
///   long total = client.call("counter", new Add(3), Long.class);
///   client.cast("counter", "reset");
/// }
/// ```
///
/// A process is named by what it is registered under, or by a pid such as `<1.42>`.
///
/// **Messages.** A record becomes an object whose field `type` is the record's name in snake_case
/// and whose other fields are its components, in snake_case too: `new Put("k", 5, 60_000)` with a
/// component `ttlMs` is `{"type":"put","key":"k","value":5,"ttl_ms":60000}`. Within a message a
/// record has the tag only if it belongs to a sealed interface of records. A record with a
/// component called `type` brings its own tag. A String, a Map, a List, a number, a Jackson tree,
/// anything that Jackson can write is what it is in JSON; [RawJson] is sent as it stands. Durations
/// are milliseconds, enum constants their names in lower case.
///
/// **Replies** are read as the type that is asked for, by the same rules: records, sealed
/// interfaces of records, boxed types, String, Map, List, JsonNode, [RawJson]. Fields that are not
/// known are ignored. A reply `null` is null.
///
/// **Errors** are a [GenServerException] each. A message that cannot be written is an
/// IllegalArgumentException.
///
/// **Time.** A request ends at its timeout, counted from entry, or when the [TimeBudget] of the
/// thread is spent. The daemon keeps the time; should its answer fail to come, this client gives up
/// half a second later and tells it so. A timeout of 292 years or more is none.
///
/// **Connections.** There is one at a time. When it is lost, or the daemon says goodbye, the client
/// connects again, to the next of its addresses; after a goodbye what is open is still answered
/// over the old connection. What is open on one that is lost fails with [ConnectionLostException],
/// and is never sent again. What is asked while there is no connection waits for one; see
/// [ClientOptions#whenUnconnected].
///
/// **Order.** What one thread sends over one connection arrives in that order, calls and casts
/// alike. What was cast before a connection was lost, and not sent yet, is sent over the next one,
/// before all that follows.
public final class GenServerClient implements AutoCloseable {

  private final ClientOptions options;
  private final ScheduledExecutorService timers;
  private final Connector connector;
  private final Casts casts;
  private final Caller caller;

  private GenServerClient(String addresses, ClientOptions options) {
    this.options = options;
    var all = Address.parseAll(addresses, options.tls().isPresent());
    var listeners = new Listeners(options.listeners());
    timers = Timers.start();
    casts = new Casts(listeners);
    connector = new Connector(all, options, timers, listeners, casts);
    caller = new Caller(connector, timers, listeners, casts, options.retry());
  }

  /// Connects to a daemon, with [ClientOptions#defaults]; see [#connect(String, ClientOptions)].
  public static GenServerClient connect(String addresses) {
    return connect(addresses, ClientOptions.defaults());
  }

  /// Connects to the first of these daemons that answers, in the order in which they are given.
  ///
  /// @param addresses one or more, with a comma in between. Each is `host`, `host:port`, `[::1]` or
  ///   `[::1]:port`; the port is 6470 if not given. After `tls://` it is spoken to by TLS, after
  ///   `tcp://` without; else as the options say
  /// @throws UnavailableException if no daemon answers there
  /// @throws InsecureConnectionException if by TLS it does not prove to be the one that is meant
  /// @throws UnauthenticatedException if it does not let this client in
  /// @throws GenServerException for all else that may go wrong
  /// @throws IllegalArgumentException if one is no address, or without TLS where the options have
  ///   TLS
  public static GenServerClient connect(String addresses, ClientOptions options) {
    var client = new GenServerClient(addresses, options);
    try {
      client.connector.connect();
      return client;
    } catch (GenServerException e) {
      client.timers.shutdownNow();
      throw e;
    }
  }

  /// A client that connects by itself, for programs that may start before their daemon. Returns at
  /// once; whatever goes wrong, the client goes on trying. See [#state].
  ///
  /// @param addresses as in [#connect(String, ClientOptions)]
  /// @throws IllegalArgumentException as there
  public static GenServerClient connectInBackground(String addresses, ClientOptions options) {
    var client = new GenServerClient(addresses, options);
    client.connector.connectInBackground();
    return client;
  }

  /// How it stands with the connection. Changes are told to [ClientListener#stateChanged].
  public ConnectionState state() {
    return connector.state();
  }

  /// As whom the daemon knows this client; empty if it does not ask who clients are, or there is no
  /// connection.
  public Optional<String> principal() {
    return state() instanceof ConnectionState.Connected connected
        ? connected.principal()
        : Optional.empty();
  }

  /// One server, for messages of the types that it takes.
  ///
  /// @param calls what its calls have in common, best the sealed interface that its plugin declares
  /// @param casts what its casts have in common
  public <C, M> ServerRef<C, M> server(String name, Class<C> calls, Class<M> casts) {
    return new ServerRef<>(this, name);
  }

  // Calls.

  /// Calls a process and waits for its reply, for as long as [ClientOptions#timeout] says; see
  /// [#call(String, Object, Class, Duration)].
  public <R> @Nullable R call(String name, Object message, Class<R> type) {
    return call(name, message, type, options.timeout());
  }

  /// Calls a process and waits for its reply. Interrupting the thread cancels the call.
  ///
  /// @param timeout how long to wait for the reply; positive
  /// @return null if the reply is `null`
  /// @throws NoProcessException if no process has that name
  /// @throws CallTimeoutException if no reply came in time
  /// @throws UnavailableException if there was no connection in time
  /// @throws ConnectionLostException if the connection ended before the reply came
  /// @throws GenServerException for all else that may go wrong
  public <R> @Nullable R call(String name, Object message, Class<R> type, Duration timeout) {
    return callFor(name, message, type, timeout);
  }

  /// Calls a process for a reply of a generic type, as in `new TypeReference<List<Item>>() {}`; see
  /// [#call(String, Object, Class, Duration)].
  public <R> @Nullable R call(
      String name, Object message, TypeReference<R> type, Duration timeout) {
    return callFor(name, message, type.getType(), timeout);
  }

  /// Calls a process and gives its reply later, for as long as [ClientOptions#timeout] says; see
  /// [#callAsync(String, Object, Class, Duration)].
  public <R> CompletableFuture<@Nullable R> callAsync(String name, Object message, Class<R> type) {
    return callAsync(name, message, type, options.timeout());
  }

  /// Calls a process and gives its reply later. Fails with what [#call(String, Object, Class,
  /// Duration)] throws. Cancelling the future cancels the call. Waits only for room in the buffer,
  /// see [ClientOptions#whenFull]. What depends on the future runs on the common pool.
  public <R> CompletableFuture<@Nullable R> callAsync(
      String name, Object message, Class<R> type, Duration timeout) {
    return callAsyncFor(name, message, type, timeout);
  }

  /// Calls a process for a reply of a generic type, and gives it later; see [#callAsync(String,
  /// Object, Class, Duration)].
  public <R> CompletableFuture<@Nullable R> callAsync(
      String name, Object message, TypeReference<R> type, Duration timeout) {
    return callAsyncFor(name, message, type.getType(), timeout);
  }

  // The public methods say of which class R is.
  @SuppressWarnings("TypeParameterUnusedInFormals")
  private <R> @Nullable R callFor(String name, Object message, Type type, Duration timeout) {
    var replyType = MessageCodec.type(type);
    var deadline = TimeBudget.deadline(timeout);
    var call = Ask.call(name, MessageCodec.encode(message));
    return read(call, replyType, caller.exchange(call, deadline));
  }

  private <R> CompletableFuture<@Nullable R> callAsyncFor(
      String name, Object message, Type type, Duration timeout) {
    var replyType = MessageCodec.type(type);
    var deadline = TimeBudget.deadline(timeout);
    var call = Ask.call(name, MessageCodec.encode(message));
    return caller.<@Nullable R>exchangeAsync(
        call, deadline, outcome -> read(call, replyType, outcome));
  }

  // As above.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <R> @Nullable R read(Ask call, JavaType type, Outcome outcome) {
    var what = call.what();
    return (R) MessageCodec.decode(what, outcome.resultOf(what), type);
  }

  // Casts.

  /// Sends a process a message and does not learn what becomes of it, not even whether there is
  /// such a process. Returns as soon as it is in the buffer, connection or no connection; waits for
  /// room there at most as long as [ClientOptions#timeout] says. See [#flush] and [#casts].
  ///
  /// @throws OverloadedException if there is no room, and it shall not be waited for
  /// @throws GenServerException if there was none in time, or the message is too long; it is not
  ///   sent then
  public void cast(String name, Object message) {
    var msg = MessageCodec.encode(message);
    caller.cast(name, msg, TimeBudget.deadline(options.timeout()));
  }

  /// Waits until a daemon has read all that was cast before.
  ///
  /// @throws CallTimeoutException if that takes too long
  /// @throws ConnectionLostException if casts were lost since the last flush, or may have been; it
  ///   says how many, as `lost` in its details as well
  /// @throws GenServerException for all else that may go wrong
  public void flush(Duration timeout) {
    var deadline = TimeBudget.deadline(timeout);
    Outcome outcome;
    do {
      outcome = caller.exchange(Ask.PING, deadline);
    } while (isToBeFlushedAgain(outcome, deadline));
    casts.flushed(outcome);
  }

  /// Gives word later, once a daemon has read all that was cast before; see [#flush].
  public CompletableFuture<Void> flushAsync(Duration timeout) {
    return flushAsync(TimeBudget.deadline(timeout));
  }

  private CompletableFuture<Void> flushAsync(Deadline deadline) {
    return caller
        .exchangeAsync(Ask.PING, deadline, outcome -> outcome)
        .thenCompose(outcome -> {
          if (isToBeFlushedAgain(outcome, deadline)) {
            return flushAsync(deadline);
          }
          casts.flushed(outcome);
          return CompletableFuture.completedFuture(null);
        });
  }

  /// The connection was lost over it; what can be sent again goes over the next one.
  private boolean isToBeFlushedAgain(Outcome outcome, Deadline deadline) {
    return outcome instanceof Outcome.Lost && deadline.left() > 0 && !connector.isClosing();
  }

  /// What became of the silent casts.
  public CastCounters casts() {
    return casts.counters(connector.waitingCasts());
  }

  /// Sends a process a message and returns once it is in its mailbox, or fails; waits for that as
  /// long as [ClientOptions#timeout] says.
  public void castConfirmed(String name, Object message) {
    castConfirmed(name, message, options.timeout());
  }

  /// Sends a process a message and returns once it is in its mailbox.
  ///
  /// @throws NoProcessException if no process has that name
  /// @throws OverloadedException if its mailbox is full
  /// @throws GenServerException for all else that may go wrong
  public void castConfirmed(String name, Object message, Duration timeout) {
    var cast = Ask.confirmedCast(name, MessageCodec.encode(message));
    var unused = caller.exchange(cast, TimeBudget.deadline(timeout)).resultOf(cast.what());
  }

  /// Sends a process a message and gives word once it is in its mailbox, for as long as
  /// [ClientOptions#timeout] says; see [#castConfirmedAsync(String, Object, Duration)].
  public CompletableFuture<Void> castConfirmedAsync(String name, Object message) {
    return castConfirmedAsync(name, message, options.timeout());
  }

  /// Sends a process a message and gives word once it is in its mailbox. Fails with what
  /// [#castConfirmed(String, Object, Duration)] throws.
  public CompletableFuture<Void> castConfirmedAsync(String name, Object message, Duration timeout) {
    var cast = Ask.confirmedCast(name, MessageCodec.encode(message));
    return caller
        .exchangeAsync(cast, TimeBudget.deadline(timeout), outcome -> outcome.resultOf(cast.what()))
        .thenAccept(result -> {});
  }

  // Monitors.

  /// Watches a process, for at most as long as [ClientOptions#timeout] says until the watch has
  /// begun; see [#monitor(String, Consumer, Duration)].
  public Monitor monitor(String name, Consumer<Down> listener) {
    return monitor(name, listener, options.timeout());
  }

  /// Watches a process: `listener` is told once when it ends, on a thread of the common pool, where
  /// it must not block for long. Nobody there is no error: the listener is told `noproc` then, and
  /// `noconnection` when the connection is lost, or there is none, or the daemon is ending. The
  /// watch is on one life of the process, over one connection: after either has ended, watch it
  /// again.
  ///
  /// @param name a name or a pid
  /// @param timeout how long to wait for the daemon to begin; positive
  /// @throws OverloadedException if this connection has as many monitors as it may
  /// @throws GenServerException for all else that may go wrong; the listener is not called then
  /// @otp erlang:monitor/2
  public Monitor monitor(String name, Consumer<Down> listener, Duration timeout) {
    var monitor = new Monitor(name, listener);
    var ask = Ask.monitor(name, monitor);
    return begun(monitor, ask, caller.exchange(ask, TimeBudget.deadline(timeout)));
  }

  /// Watches a process and gives the watch once it has begun, within [ClientOptions#timeout]; see
  /// [#monitor(String, Consumer, Duration)]. Cancelling the future ends the watch.
  public CompletableFuture<Monitor> monitorAsync(String name, Consumer<Down> listener) {
    return monitorAsync(name, listener, options.timeout());
  }

  /// Watches a process and gives the watch once it has begun; see [#monitorAsync(String,
  /// Consumer)].
  public CompletableFuture<Monitor> monitorAsync(
      String name, Consumer<Down> listener, Duration timeout) {
    var monitor = new Monitor(name, listener);
    var ask = Ask.monitor(name, monitor);
    var result =
        caller.exchangeAsync(
            ask, TimeBudget.deadline(timeout), outcome -> begun(monitor, ask, outcome));
    var unusedEnd =
        result.whenComplete((begun, problem) -> {
          if (problem != null) {
            monitor.close();
          }
        });
    return result;
  }

  private static Monitor begun(Monitor monitor, Ask ask, Outcome outcome) {
    var lost = outcome.noConnection();
    if (lost != null) {
      monitor.down(ExitReason.noConnection(lost));
      return monitor;
    }
    try {
      var result = outcome.resultOf(ask.what());
      if (!monitor.hasBegun()) {
        throw new BadReplyException(ask.what(), result, "the answer " + result + " has no ref");
      }
      return monitor;
    } catch (GenServerException e) {
      monitor.close();
      throw e;
    }
  }

  // The daemon itself.

  /// Asks the daemon for a sign of life.
  ///
  /// @return how long it took, waiting for a connection included
  public Duration ping(Duration timeout) {
    long start = System.nanoTime();
    var deadline = TimeBudget.deadline(timeout);
    var unused = caller.exchange(Ask.PING, deadline).resultOf(Ask.PING.what());
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /// Takes no more requests, sends what was cast, gives open calls the chance to be answered, and
  /// closes; all within [ClientOptions#closeTimeout]. Calls that are still open then fail with
  /// [ConnectionLostException], and so does every later request. Closing again does nothing.
  @Override
  public void close() {
    connector.close(options.closeTimeout());
    timers.shutdownNow();
  }
}
