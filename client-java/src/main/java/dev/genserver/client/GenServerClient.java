package dev.genserver.client;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.RequestId;
import dev.genserver.protocol.WireError;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JavaType;

/// Calls and casts to the processes of one daemon, and watches over them, over one connection.
/// Thread-safe: many threads may use it, and many calls be open, at the same time.
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
/// **Time.** A call ends at its timeout, counted from entry. The daemon keeps the time; should its
/// answer fail to come, this client gives up half a second later and tells it so. A timeout of 2^63
/// milliseconds or more is none.
public final class GenServerClient implements AutoCloseable {

  private final Connection connection;
  private final Caller caller;
  private final ClientOptions options;
  private @Nullable String principal; // before anybody else has this client

  private GenServerClient(Connection connection, ClientOptions options) {
    this.connection = connection;
    this.caller = new Caller(connection);
    this.options = options;
  }

  /// Connects to a daemon, with [ClientOptions#defaults].
  ///
  /// @param address `host`, `host:port`, `[::1]` or `[::1]:port`; the port is 6470 if not given.
  ///   After `tls://` it is spoken to by TLS, after `tcp://` without; else as the options say
  /// @throws UnavailableException if no daemon answers there
  /// @throws InsecureConnectionException if by TLS it does not prove to be the one that is meant
  /// @throws UnauthenticatedException if it does not let this client in
  /// @throws GenServerException for all else that may go wrong
  /// @throws IllegalArgumentException if it is no address, or one without TLS where the options
  ///   have TLS
  public static GenServerClient connect(String address) {
    return connect(address, ClientOptions.defaults());
  }

  /// Connects to a daemon; see [#connect(String)].
  public static GenServerClient connect(String address, ClientOptions options) {
    var where = Address.parse(address, options.tls().isPresent());
    var what = "connecting to " + where;
    var deadline = Deadline.after(options.connectTimeout());
    var token = options.token().map(supplier -> token(what, supplier));
    var connection = Connection.open(where, options, deadline);
    var client = new GenServerClient(connection, options);
    try {
      client.hello(what, token, deadline);
      return client;
    } catch (GenServerException e) {
      client.caller.close();
      connection.abandon();
      var insecure = connection.insecure();
      throw insecure == null ? e : GenServerException.of(what, insecure);
    }
  }

  private static String token(String what, Supplier<String> supplier) {
    try {
      return supplier.get();
    } catch (RuntimeException e) {
      var error =
          WireError.refused(
              ErrorCode.UNAUTHENTICATED, "there is no token to log in with: " + e.getMessage());
      var failure = new UnauthenticatedException(what, error);
      failure.initCause(e);
      throw failure;
    }
  }

  private void hello(String what, Optional<String> token, Deadline deadline) {
    var info = new ClientMessage.ClientInfo(options.name(), "java", null);
    var outcome =
        caller.exchange(
            id -> new ClientMessage.Hello(RequestId.of(id), List.of(1), info, token.orElse(null)),
            deadline);
    var welcome = outcome.welcomeOf(what);
    principal = welcome.principal();
    caller.limitFrames(welcome.limits().maxFrame());
  }

  /// As whom the daemon knows this client; empty if it does not ask who clients are.
  public Optional<String> principal() {
    return Optional.ofNullable(principal);
  }

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
  /// Duration)] throws. Cancelling the future cancels the call. Waits only if too much waits to be
  /// written already. What depends on the future runs on the common pool.
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

  /// Sends a process a message and does not learn what becomes of it, not even whether there is
  /// such a process. Returns as soon as it is queued here; waits for that at most as long as
  /// [ClientOptions#timeout] says.
  ///
  /// @throws GenServerException if it could not be queued; it was not sent then
  public void cast(String name, Object message) {
    var msg = MessageCodec.encode(message);
    caller.sendSilently(
        castTo(name),
        new ClientMessage.Cast(null, name, msg, Map.of(), null),
        Deadline.after(options.timeout()));
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
    var msg = MessageCodec.encode(message);
    caller
        .exchange(
            id -> new ClientMessage.Cast(RequestId.of(id), name, msg, Map.of(), null),
            Deadline.after(timeout))
        .resultOf(castTo(name));
  }

  /// Watches a process, for at most as long as [ClientOptions#timeout] says until the watch has
  /// begun; see [#monitor(String, Consumer, Duration)].
  public Monitor monitor(String name, Consumer<Down> listener) {
    return monitor(name, listener, options.timeout());
  }

  /// Watches a process: `listener` is told once when it ends, on a thread of the common pool, where
  /// it must not block for long. Nobody there is no error: the listener is told `noproc` then, and
  /// `noconnection` when the connection is lost, or was before, or the daemon is ending. The watch
  /// is on one life of the process: after a restart, watch it again.
  ///
  /// @param name a name or a pid
  /// @param timeout how long to wait for the daemon to begin; positive
  /// @throws OverloadedException if this connection has as many monitors as it may
  /// @throws GenServerException for all else that may go wrong; the listener is not called then
  /// @otp erlang:monitor/2
  public Monitor monitor(String name, Consumer<Down> listener, Duration timeout) {
    var deadline = Deadline.after(timeout);
    var monitor = new Monitor(connection, name, listener);
    var request = connection.newRequest(monitor::begun);
    return begun(monitor, name, caller.exchange(request, monitorOf(name), deadline));
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
    var deadline = Deadline.after(timeout);
    var monitor = new Monitor(connection, name, listener);
    var request = connection.newRequest(monitor::begun);
    var result =
        caller.exchangeAsync(
            request, monitorOf(name), deadline, outcome -> begun(monitor, name, outcome));
    var unusedEnd =
        result.whenComplete((begun, problem) -> {
          if (problem != null) {
            monitor.close();
          }
        });
    return result;
  }

  /// Asks the daemon for a sign of life.
  ///
  /// @return how long it took
  public Duration ping(Duration timeout) {
    var deadline = Deadline.after(timeout);
    caller.exchange(id -> new ClientMessage.Ping(RequestId.of(id)), deadline).resultOf("ping");
    return Duration.ofNanos(System.nanoTime() - deadline.start());
  }

  /// Sends what was cast, gives open calls the chance to be answered, and closes; all within
  /// [ClientOptions#closeTimeout]. Calls that are still open then fail with
  /// [ConnectionLostException], and so does every later request. Closing again does nothing.
  @Override
  public void close() {
    connection.close(options.closeTimeout());
    caller.close();
  }

  // The public methods say of which class R is.
  @SuppressWarnings("TypeParameterUnusedInFormals")
  private <R> @Nullable R callFor(String name, Object message, Type type, Duration timeout) {
    var replyType = MessageCodec.type(type);
    var deadline = Deadline.after(timeout);
    return read(name, replyType, caller.exchange(call(name, message, deadline), deadline));
  }

  private <R> CompletableFuture<@Nullable R> callAsyncFor(
      String name, Object message, Type type, Duration timeout) {
    var replyType = MessageCodec.type(type);
    var deadline = Deadline.after(timeout);
    return caller.<@Nullable R>exchangeAsync(
        call(name, message, deadline), deadline, outcome -> read(name, replyType, outcome));
  }

  private static LongFunction<ClientMessage> call(String name, Object message, Deadline deadline) {
    var msg = MessageCodec.encode(message);
    return id ->
        new ClientMessage.Call(RequestId.of(id), name, msg, deadline.millis(), Map.of(), null);
  }

  // As above.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <R> @Nullable R read(String name, JavaType type, Outcome outcome) {
    var what = "call to '" + name + "'";
    return (R) MessageCodec.decode(what, outcome.resultOf(what), type);
  }

  private static LongFunction<ClientMessage> monitorOf(String name) {
    return id -> new ClientMessage.Monitor(RequestId.of(id), name);
  }

  private static Monitor begun(Monitor monitor, String name, Outcome outcome) {
    var lost = outcome.noConnection();
    if (lost != null) {
      monitor.down(ExitReason.noConnection(lost));
      return monitor;
    }
    try {
      var what = "monitor of '" + name + "'";
      var result = outcome.resultOf(what);
      if (!monitor.hasBegun()) {
        throw new BadReplyException(what, result, "the answer " + result + " has no ref");
      }
      return monitor;
    } catch (GenServerException e) {
      monitor.close();
      throw e;
    }
  }

  /// Whether all that is asked from now on fails.
  boolean isLost() {
    return connection.isLost();
  }

  private static String castTo(String name) {
    return "cast to '" + name + "'";
  }
}
