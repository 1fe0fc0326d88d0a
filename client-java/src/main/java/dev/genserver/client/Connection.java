package dev.genserver.client;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.FrameException;
import dev.genserver.protocol.FrameReader;
import dev.genserver.protocol.Framing;
import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.ProtocolException;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.RequestId;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.ServerMessages;
import dev.genserver.protocol.TlsChannel;
import dev.genserver.protocol.TlsException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One connection: the requests that are open on it, and the thread that reads their answers.
/// Thread-safe.
///
/// It lives in three steps: it takes requests; it is *retired*, by the daemon's goodbye, and takes
/// none while those that are open are still answered; it is *lost*, and all has ended.
final class Connection {

  /// Who is told how it goes with a connection, on whatever thread.
  interface Owner {

    /// It takes no more requests. Told once, before any of its requests fails for that.
    void retired(Connection connection, String why, Returned returned);

    /// It is over.
    void ended(Connection connection);
  }

  /// What became of the silent casts that a connection took.
  ///
  /// @param casts those that it has certainly not sent, in order
  /// @param maybeLost how many others are not known to have been read
  record Returned(List<JsonWriter> casts, long maybeLost) {}

  private static final System.Logger LOG = System.getLogger(Connection.class.getName());

  private final Address address;
  private final SocketChannel channel;
  private final @Nullable TlsChannel tls;
  private final Selector selector;
  private final ChannelInput input;
  private final Outbound outbound;
  private final Owner owner;
  private final Thread reader;

  private final AtomicLong ids;
  private final ConcurrentMap<Long, Request> open = new ConcurrentHashMap<>();
  private final Monitors monitors = new Monitors();

  // Why the connection is no more; set before the open requests are ended.
  private final AtomicReference<@Nullable String> lost = new AtomicReference<>();
  private volatile ServerMessage.@Nullable Goodbye goodbye;
  private volatile ServerMessage.@Nullable Welcome welcome;
  private volatile @Nullable TlsException insecure;
  private volatile boolean outputEnded;

  // So many silent casts are known to have been read. The reader's own.
  private volatile long castsRead;

  private Connection(
      Address address,
      SocketChannel channel,
      @Nullable TlsChannel tls,
      Selector selector,
      int maxBuffered,
      AtomicLong ids,
      Owner owner)
      throws IOException {
    this.address = address;
    this.channel = channel;
    this.tls = tls;
    this.selector = selector;
    this.ids = ids;
    this.owner = owner;
    var bytes = tls == null ? channel : tls;
    var key = channel.register(selector, SelectionKey.OP_READ);
    this.input = new ChannelInput(bytes, key, this::write);
    this.outbound = new Outbound(bytes, tls != null, maxBuffered, input::watchForRoom);
    this.reader = new Thread(this::readAll, "genserver-client-" + address);
    reader.setDaemon(true);
  }

  /// Starts a connection over a channel that is connected and does not block.
  ///
  /// @param tls the same, if it is to be spoken to by TLS
  static Connection start(
      Address address,
      SocketChannel channel,
      @Nullable TlsChannel tls,
      int maxBuffered,
      AtomicLong ids,
      Owner owner)
      throws IOException {
    var connection =
        new Connection(address, channel, tls, Selector.open(), maxBuffered, ids, owner);
    connection.reader.start();
    return connection;
  }

  Address address() {
    return address;
  }

  void welcomed(ServerMessage.Welcome welcome) {
    this.welcome = welcome;
  }

  ConnectionState.Connected state() {
    var said = Objects.requireNonNull(welcome);
    return new ConnectionState.Connected(
        address.toString(), said.server(), said.node(), Optional.ofNullable(said.principal()));
  }

  /// How long a frame may be, in bytes.
  int maxFrame() {
    var said = welcome;
    return said == null ? Framing.DEFAULT_MAX_FRAME : said.limits().maxFrame();
  }

  // Requests.

  /// Sends a request: now if it is urgent, else soon. Waits for room to do so, at most `nanos`. It
  /// is ended if the connection goes lost.
  ///
  /// @return false if the connection takes no more requests
  boolean send(Request request, JsonWriter frame, boolean urgent, long nanos)
      throws InterruptedException, TimeoutException {
    open(request);
    boolean sent = false;
    try {
      sent = outbound.send(request, frame, urgent, nanos);
      return sent;
    } catch (IOException e) {
      sent = true;
      awaitReason();
      lose(broken(e));
      return true;
    } finally {
      if (!sent) {
        forget(request);
      }
    }
  }

  /// Sends a request soon, without waiting for room.
  ///
  /// @return false if the connection takes no more requests
  boolean sendSoon(Request request, JsonWriter frame) {
    open(request);
    boolean sent = outbound.sendSoon(request, frame);
    if (!sent) {
      forget(request);
    }
    return sent;
  }

  private void open(Request request) {
    request.openOn(this);
    if (!request.isSilent()) {
      open.put(request.id(), request);
    }
  }

  /// What cannot be written to has ended, and most likely the daemon has said why: that is still to
  /// be read.
  private void awaitReason() {
    try {
      if (Thread.currentThread() != reader) {
        TimeUnit.SECONDS.timedJoin(reader, 1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Drops an open request: its answer will be ignored. False if it has ended.
  boolean forget(Request request) {
    boolean wasOpen = open.remove(request.id(), request);
    if (goodbye != null) {
      endIfIdle();
    }
    return wasOpen;
  }

  /// Drops an open call and tells the daemon. False if it has ended.
  boolean cancel(Request request) {
    if (!open.remove(request.id(), request)) {
      return false;
    }
    sendNow(new ClientMessage.Cancel(RequestId.of(request.id())));
    return true;
  }

  /// Has `down` with that ref told to the monitor.
  void register(String ref, Monitor monitor) {
    monitors.add(ref, monitor);
    var why = lost.get();
    if (why != null) {
      monitors.lose(why);
    }
  }

  /// Forgets a monitor and tells the daemon, whose answer nobody waits for.
  void demonitor(String ref) {
    if (monitors.remove(ref) && lost.get() == null) {
      sendNow(new ClientMessage.Demonitor(RequestId.of(ids.incrementAndGet()), ref));
    }
  }

  private void sendNow(ClientMessage message) {
    if (outputEnded) {
      return; // a ping of the daemon's, say, which by now knows that nothing more comes
    }
    try {
      outbound.sendNow(Request.frame(message));
    } catch (IOException e) {
      lose(broken(e));
    }
  }

  /// How many silent casts wait to be written.
  int waitingCasts() {
    return outbound.waitingCasts();
  }

  /// When something last came from the daemon, by [System#nanoTime].
  long lastHeard() {
    return input.lastRead();
  }

  /// Asks the daemon for a sign of life.
  void ping() {
    long id = ids.incrementAndGet();
    var request =
        new Request(
            id,
            Deadline.FOREVER,
            left -> new ClientMessage.Ping(RequestId.of(id)),
            (connection, result) -> {});
    sendSoon(request, request.frame());
  }

  // The connection's own thread.

  private void readAll() {
    var frames = new FrameReader(input, Framing.MAX_FRAME_CEILING);
    try {
      for (var frame = frames.read(); frame != null; frame = frames.read()) {
        receive(ServerMessages.decode(frame, 0, frame.length));
      }
      if (outputEnded) {
        castsRead = Long.MAX_VALUE; // it closes once it has read to our end
      }
      lose(closedByDaemon());
    } catch (ProtocolException e) {
      lose(foreign(e));
    } catch (TlsException e) {
      insecure = e;
      lose(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      lose(broken(e));
    } catch (ClosedSelectorException | CancelledKeyException e) {
      lose("the connection to " + address + " was closed");
    }
  }

  // Calls nothing of the program's: who waits is woken, futures are completed elsewhere.
  private void receive(ServerMessage message) {
    if (message instanceof ServerMessage.Reply reply) {
      done(reply.id(), reply.result());
    } else if (message instanceof ServerMessage.Ok ok) {
      done(ok.id(), ok.result() == null ? RawJson.NULL : ok.result());
    } else if (message instanceof ServerMessage.Failure failure) {
      if (failure.id() == null) {
        LOG.log(Level.WARNING, "error without a request error=" + failure.error());
      } else {
        end(failure.id(), new Outcome.Refused(failure.error()));
      }
    } else if (message instanceof ServerMessage.Pong pong && pong.id() != null) {
      done(pong.id(), RawJson.NULL);
    } else if (message instanceof ServerMessage.Welcome hello) {
      end(hello.id(), new Outcome.Welcomed(hello));
    } else if (message instanceof ServerMessage.Down down) {
      monitors.down(down);
    } else if (message instanceof ServerMessage.Goodbye farewell) {
      goodbye = farewell;
      retire(outbound.retire(), "the daemon at " + address + " said goodbye: " + said(farewell));
      endIfIdle();
    } else if (message instanceof ServerMessage.Ping) {
      // Any traffic is the sign of life that it asks for; this is the smallest.
      sendNow(new ClientMessage.Ping(null));
    }
  }

  private void done(RequestId id, RawJson result) {
    var request = answered(id);
    if (request != null) {
      request.done(this, result);
    }
  }

  private void end(RequestId id, Outcome outcome) {
    var request = answered(id);
    if (request != null) {
      request.end(outcome);
    }
  }

  /// The request that has this answer; null if it is a late answer to what was given up, or a
  /// second one.
  private @Nullable Request answered(RequestId id) {
    var request = id instanceof RequestId.Num number ? open.get(number.value()) : null;
    // A daemon that guesses ids might answer one that was not asked yet.
    if (request == null || !request.isQueued() || !open.remove(request.id(), request)) {
      return null;
    }
    castsRead = Math.max(castsRead, request.castsBefore());
    if (goodbye != null) {
      endIfIdle();
    }
    return request;
  }

  private void write() {
    try {
      outbound.write();
    } catch (SSLException e) {
      lose(broken(e));
    } catch (IOException e) {
      // Reading goes on, to its own end: the daemon may have said why it hung up.
      LOG.log(Level.DEBUG, "connection cannot be written to address=" + address, e);
      retire(outbound.close(), broken(e));
    }
  }

  // The end.

  boolean isRetired() {
    return outbound.isRetired();
  }

  /// What TLS ended it with, if that did.
  @Nullable TlsException insecure() {
    return insecure;
  }

  /// Writes what is queued, lets the daemon answer what it has, and closes; all within `timeout`.
  void close(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      if (outbound.awaitWritten(deadline - System.nanoTime())) {
        outputEnded = true;
        if (tls == null) {
          channel.shutdownOutput();
        } else {
          tls.shutdownOutput();
        }
        TimeUnit.NANOSECONDS.timedJoin(reader, Math.max(1, deadline - System.nanoTime()));
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "connection did not close cleanly address=" + address, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    abandon();
  }

  /// Closes at once.
  void abandon() {
    lose(Outcome.CLOSED);
  }

  /// Ends a connection that the daemon has said goodbye to, once nobody waits for more of it.
  private void endIfIdle() {
    if (welcome == null || open.isEmpty()) {
      lose(closedByDaemon());
    }
  }

  /// Gives back what is not sent any more.
  private void retire(Outbound.@Nullable Leftover leftover, String why) {
    if (leftover == null) {
      return;
    }
    owner.retired(
        this, why, new Returned(leftover.casts(), Math.max(0, leftover.others() - castsRead)));
    for (var request : open.values()) {
      if (request.isQueuedFrom(leftover.end()) && open.remove(request.id(), request)) {
        request.lose(why, 0);
      }
    }
  }

  void lose(String why) {
    if (!lost.compareAndSet(null, why)) {
      return;
    }
    var leftover = outbound.close();
    close(channel);
    close(selector);
    retire(leftover, why);
    // What is not queued yet will not be: its sender sees to it.
    for (var request : open.values()) {
      if (request.isQueued() && open.remove(request.id(), request)) {
        request.lose(why, outbound.written());
      }
    }
    monitors.lose(why);
    owner.ended(this);
  }

  boolean isLost() {
    return lost.get() != null;
  }

  /// Why it takes no more requests.
  String whyOver() {
    var why = lost.get();
    return why == null ? closedByDaemon() : why;
  }

  private String closedByDaemon() {
    var farewell = goodbye;
    return farewell == null
        ? "the daemon at " + address + " closed the connection"
        : "the daemon closed the connection: " + said(farewell);
  }

  private String broken(IOException e) {
    var farewell = goodbye;
    return "the connection to %s broke: %s"
        .formatted(address, farewell == null ? e.getMessage() : said(farewell));
  }

  private String foreign(ProtocolException e) {
    return e instanceof FrameException frame && frame.isTls()
        ? address + " speaks TLS; connect to it by tls://, or with ClientOptions.tls"
        : address + " does not speak the protocol, is it a genserverd? " + e.getMessage();
  }

  private static String said(ServerMessage.Goodbye goodbye) {
    return goodbye.code() + ", " + goodbye.message();
  }

  static void close(@Nullable AutoCloseable resource) {
    try {
      if (resource != null) {
        resource.close();
      }
    } catch (Exception e) {
      LOG.log(Level.DEBUG, "could not close " + resource, e);
    }
  }
}
