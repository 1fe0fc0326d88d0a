package dev.genserver.client;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.Framing;
import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.WireError;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Sends requests over the one connection that a client has at a time, and makes that again when it
/// takes no more. Thread-safe.
final class Connector implements Connection.Owner {

  /*
   * While there is a connection, requests go to it without a lock of this class. While there is none
   * they wait here, in order; whoever connects hands them to the new connection and only then lets
   * others find it. So what one thread sends keeps its order, whatever connections it goes over:
   *
   * - A request that a connection does not take was not sent. It waits here, even if this class does
   *   not know yet that the connection has ended.
   * - What a retired connection gives back was sent before all that waits, and is put before it.
   *
   * At most one thread connects at a time. It is there only while there is no connection. The lock is
   * held while requests are handed on, which waits for nobody, but never while connecting. A
   * connection's own lock may be taken under it, never the other way round.
   */

  private final List<Address> addresses;
  private final String where;
  private final ClientOptions options;
  private final ScheduledExecutorService timers;
  private final Listeners listeners;
  private final Casts casts;
  private final AtomicLong ids = new AtomicLong();
  private final Dialer dialer;

  private volatile @Nullable Connection current;
  private volatile boolean closing;
  private volatile ConnectionState state = new ConnectionState.Connecting();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by the lock.
  private final WaitingRequests waiting = new WaitingRequests();
  private final Set<Connection> connections = new HashSet<>();
  private boolean connecting;
  private boolean closed;
  private int attempts; // since the last connection that lasted
  private long connectedAt;
  private @Nullable GenServerException problem; // the last one
  private boolean inVain; // the last attempt was
  // Touched by the thread that connects alone.
  private int next;

  Connector(
      List<Address> addresses,
      ClientOptions options,
      ScheduledExecutorService timers,
      Listeners listeners,
      Casts casts) {
    this.addresses = List.copyOf(addresses);
    this.where = addresses.stream().map(Address::toString).collect(Collectors.joining(", "));
    this.options = options;
    this.timers = timers;
    this.listeners = listeners;
    this.casts = casts;
    this.dialer = new Dialer(options, ids, this);
  }

  /// Connects, on the calling thread, to the first address that answers.
  ///
  /// @throws GenServerException if none does; this is of no use then
  void connect() {
    var failure = tryAll();
    if (failure != null) {
      close(Duration.ZERO);
      throw failure;
    }
  }

  /// Begins to connect, and goes on until it has succeeded.
  void connectInBackground() {
    lock.lock();
    try {
      startConnecting();
    } finally {
      lock.unlock();
    }
  }

  long newId() {
    return ids.incrementAndGet();
  }

  ConnectionState state() {
    return state;
  }

  boolean isClosing() {
    return closing;
  }

  /// How many silent casts wait here to be written.
  long waitingCasts() {
    var connection = current;
    lock.lock();
    try {
      return (long) waiting.casts() + (connection == null ? 0 : connection.waitingCasts());
    } finally {
      lock.unlock();
    }
  }

  // Requests.

  /// Sends a request, or has it wait for a connection; or ends it, if neither can be. Waits for
  /// room only, and within the request's deadline.
  ///
  /// @param urgent whether somebody waits for the answer
  void send(Request request, boolean urgent) throws InterruptedException {
    Connection refused = null;
    boolean settled = false;
    while (!settled) {
      var connection = current;
      if (connection == null || connection == refused) {
        settled = keep(request, connection);
      } else {
        settled = send(request, urgent, connection);
        refused = connection;
      }
    }
  }

  private boolean send(Request request, boolean urgent, Connection connection)
      throws InterruptedException {
    if (closing) {
      request.end(Outcome.closed());
      return true;
    }
    long left = request.deadline().left();
    if (left <= 0) {
      request.end(new Outcome.Refused(tooLate()));
      return true;
    }
    var frame = request.frame();
    var tooLong = tooLong(frame, connection);
    if (tooLong != null) {
      request.end(new Outcome.Refused(tooLong));
      return true;
    }
    try {
      return connection.send(request, frame, urgent, waitsForRoom() ? left : 0);
    } catch (TimeoutException e) {
      request.end(new Outcome.Refused(noRoom(request.deadline())));
      return true;
    }
  }

  /// Has a request wait for a connection, or ends it.
  ///
  /// @param refused the connection that did not take it
  /// @return false if there is another connection
  private boolean keep(Request request, @Nullable Connection refused) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closing && current == refused) {
        long left = request.deadline().left();
        if (left <= 0 || (!request.isSilent() && isHopeless())) {
          request.end(unconnected());
          return true;
        }
        if (waiting.bytes() < options.maxBuffered()) {
          waiting.add(request);
          return true;
        }
        if (!waitsForRoom()) {
          request.end(new Outcome.Refused(noRoom(request.deadline())));
          return true;
        }
        long unused = changed.awaitNanos(left);
      }
      if (closing) {
        request.end(Outcome.closed());
      }
      return closing;
    } finally {
      lock.unlock();
    }
  }

  private boolean waitsForRoom() {
    return options.whenFull() == Patience.WAIT;
  }

  /// Whether nobody shall wait for the next attempt.
  private boolean isHopeless() {
    return inVain && (isDenied() || options.whenUnconnected() == Patience.FAIL);
  }

  /// Whether trying again helps only once somebody has mended something.
  private boolean isDenied() {
    return problem instanceof UnauthenticatedException
        || problem instanceof InsecureConnectionException;
  }

  /// Ends a request that still waits for a connection; false if it does not.
  boolean withdraw(Request request, Outcome outcome) {
    lock.lock();
    try {
      if (!waiting.remove(request)) {
        return false;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    request.end(outcome);
    return true;
  }

  /// What those are told who waited in vain.
  Outcome unconnected() {
    lock.lock();
    try {
      return Outcome.Unconnected.to(where, problem);
    } finally {
      lock.unlock();
    }
  }

  private static @Nullable WireError tooLong(JsonWriter frame, Connection connection) {
    return Framing.checkLength(frame.length() - Framing.HEADER_BYTES, connection.maxFrame());
  }

  private static WireError tooLate() {
    return new WireError(
        ErrorCode.TIMEOUT,
        "no time was left for it, so it was not sent",
        Executed.NO,
        Map.of("phase", "sending"));
  }

  private WireError noRoom(Deadline deadline) {
    return waitsForRoom()
        ? new WireError(
            ErrorCode.TIMEOUT,
            "it could not be written within %s; the daemon does not read this connection"
                .formatted(deadline),
            Executed.NO,
            Map.of("phase", "sending"))
        : new WireError(
            ErrorCode.OVERLOADED,
            "%,d bytes wait here to be written already, as many as ClientOptions.maxBuffered allows"
                .formatted(options.maxBuffered()),
            Executed.NO,
            Map.of("phase", "sending", "limit", options.maxBuffered()));
  }

  // Connecting.

  private void startConnecting() {
    if (!connecting && !closed) {
      connecting = true;
      var thread = new Thread(this::connectAgain, "genserver-client-connecting");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void connectAgain() {
    while (awaitTurn()) {
      var failure = tryAll();
      if (failure == null) {
        return;
      }
      failed(failure);
    }
  }

  /// False if there is nothing to connect for any more.
  private boolean awaitTurn() {
    lock.lock();
    try {
      for (long left = pause(); left > 0 && !closed; ) {
        left = changed.awaitNanos(left);
      }
      attempts++;
      return !closed;
    } catch (InterruptedException e) {
      return false; // nobody does that
    } finally {
      lock.unlock();
    }
  }

  private long pause() {
    var backoff = options.reconnect();
    if (inVain && isDenied()) {
      return backoff.maxNanos();
    }
    return attempts == 0 ? 0 : backoff.nanos(attempts, ThreadLocalRandom.current().nextDouble());
  }

  /// Tries each address once, from the one after that which was tried last; null if there is a
  /// connection now.
  private @Nullable GenServerException tryAll() {
    var deadline = Deadline.after(options.connectTimeout());
    GenServerException failure = null;
    for (int left = addresses.size(); left > 0; left--) {
      var address = addresses.get(next);
      next = (next + 1) % addresses.size();
      try {
        var connection = dialer.dial(address, deadline.share(left));
        if (adopt(connection)) {
          return null;
        }
        throw new ConnectionLostException(
            "connecting to " + address, connection.whyOver(), Executed.NO);
      } catch (GenServerException e) {
        failure = worse(failure, e);
      }
    }
    return failure;
  }

  /// Of what went wrong with several addresses, what is best told.
  private static GenServerException worse(
      @Nullable GenServerException one, GenServerException two) {
    if (one == null) {
      return two;
    }
    boolean oneIsDenied =
        one instanceof UnauthenticatedException || one instanceof InsecureConnectionException;
    var told = oneIsDenied ? one : two;
    told.addSuppressed(oneIsDenied ? two : one);
    return told;
  }

  /// Hands all that waits to a new connection and lets others find it; false if it has ended
  /// already.
  private boolean adopt(Connection connection) {
    lock.lock();
    try {
      if (!closed) {
        enter(connection.state()); // before the first answer can come
      }
      while (!closed && !waiting.isEmpty()) {
        if (!handOver(waiting.first(), connection)) {
          return false;
        }
        waiting.removeFirst();
      }
      if (closed) {
        connection.abandon();
      }
      if (connection.isRetired()) {
        return false;
      }
      connections.add(connection);
      KeepAlive.start(connection, options.keepalive(), timers);
      current = connection;
      connecting = false;
      connectedAt = System.nanoTime();
      problem = null;
      inVain = false;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// False if the connection takes nothing more.
  private boolean handOver(Request request, Connection connection) {
    if (!request.isSilent() && request.deadline().left() <= 0) {
      request.end(unconnected());
      return true;
    }
    var frame = request.frame();
    var tooLong = tooLong(frame, connection);
    if (tooLong == null) {
      return connection.sendSoon(request, frame);
    }
    if (request.isSilent()) {
      casts.dropped(1, tooLong.message());
    } else {
      request.end(new Outcome.Refused(tooLong));
    }
    return true;
  }

  private void failed(GenServerException failure) {
    lock.lock();
    try {
      problem = failure;
      inVain = true;
      if (!closed) {
        enter(new ConnectionState.Reconnecting(attempts + 1, failure));
      }
      if (isHopeless()) {
        waiting.removeAnswered().forEach(request -> request.end(unconnected()));
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void retired(Connection connection, String why, Connection.Returned returned) {
    casts.lost(returned.maybeLost(), why);
    lock.lock();
    try {
      waiting.addFirst(
          returned.casts().stream().map(f -> Request.silent(f, Deadline.FOREVER)).toList());
      if (current == connection && !closed) {
        current = null;
        if (System.nanoTime() - connectedAt > options.reconnect().maxNanos()) {
          attempts = 0;
        }
        var loss =
            new ConnectionLostException(
                "connection to " + connection.address(), why, Executed.MAYBE);
        problem = loss;
        startConnecting();
        enter(new ConnectionState.Reconnecting(attempts + 1, loss));
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void ended(Connection connection) {
    lock.lock();
    try {
      connections.remove(connection);
    } finally {
      lock.unlock();
    }
  }

  private void enter(ConnectionState state) {
    this.state = state;
    listeners.stateChanged(state);
  }

  // The end.

  /// Takes no more requests, writes those that wait, lets the daemon answer, and closes; all within
  /// `timeout`.
  void close(Duration timeout) {
    var deadline = System.nanoTime() + timeout.toNanos();
    closing = true;
    for (var connection : stop(deadline)) {
      connection.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }
    lock.lock();
    try {
      casts.dropped(waiting.casts(), Outcome.CLOSED);
      waiting.removeAnswered().forEach(request -> request.end(Outcome.closed()));
      waiting.clear();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until there is a connection for what waits, and ends the connecting.
  private List<Connection> stop(long deadline) {
    lock.lock();
    try {
      changed.signalAll();
      long left = deadline - System.nanoTime();
      while (connecting && !closed && !waiting.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (!closed) {
        closed = true;
        enter(new ConnectionState.Closed());
      }
      changed.signalAll();
      lock.unlock();
    }
    return openConnections();
  }

  private List<Connection> openConnections() {
    lock.lock();
    try {
      return List.copyOf(connections);
    } finally {
      lock.unlock();
    }
  }
}
