package dev.genserver.client;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
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
import dev.genserver.protocol.TlsOptions;
import dev.genserver.protocol.WireError;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One connection: the requests that are open on it, and the thread that reads their answers.
/// Thread-safe.
final class Connection {

  private static final System.Logger LOG = System.getLogger(Connection.class.getName());

  private static final String CLOSED = "this client was closed";

  private final Address address;
  private final SocketChannel channel;
  private final @Nullable TlsChannel tls;
  private final Selector selector;
  private final ChannelInput input;
  private final Outbound outbound;
  private final Thread reader;

  private final AtomicLong lastId = new AtomicLong();
  private final ConcurrentMap<Long, Request> open = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Monitor> monitors = new ConcurrentHashMap<>();

  // Why the connection is no more; set before the open requests are ended.
  private final AtomicReference<@Nullable String> lost = new AtomicReference<>();
  private volatile ServerMessage.@Nullable Goodbye goodbye;
  private volatile @Nullable TlsException insecure;
  private volatile boolean closing;
  private volatile boolean outputEnded;

  private Connection(
      Address address,
      SocketChannel channel,
      @Nullable TlsChannel tls,
      Selector selector,
      int maxBuffered)
      throws IOException {
    this.address = address;
    this.channel = channel;
    this.tls = tls;
    this.selector = selector;
    var bytes = tls == null ? channel : tls;
    var key = channel.register(selector, SelectionKey.OP_READ);
    this.input = new ChannelInput(bytes, key, this::write);
    this.outbound = new Outbound(bytes, maxBuffered, input::watchForRoom);
    this.reader = new Thread(this::readAll, "genserver-client-" + address);
    reader.setDaemon(true);
  }

  /// Connects.
  ///
  /// @throws UnavailableException if nobody answers there
  /// @throws InsecureConnectionException if the daemon does not prove to be the one that is meant
  /// @throws UnauthenticatedException if the daemon does not accept the client's certificate
  static Connection open(Address address, ClientOptions options, Deadline deadline) {
    var what = "connecting to " + address;
    SocketChannel channel = null;
    try {
      channel = SocketChannel.open();
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      long millis = TimeUnit.NANOSECONDS.toMillis(deadline.left());
      channel
          .socket()
          .connect(
              new InetSocketAddress(address.host(), address.port()),
              (int) Math.max(1, Math.min(millis, Integer.MAX_VALUE)));
      channel.configureBlocking(false);
      var tls = address.tls() ? secure(address, channel, options, deadline) : null;
      var connection =
          new Connection(address, channel, tls, Selector.open(), options.maxBuffered());
      connection.reader.start();
      return connection;
    } catch (TlsException e) {
      close(channel);
      throw GenServerException.of(what, e);
    } catch (IOException e) {
      close(channel);
      throw new UnavailableException(
          what,
          WireError.refused(
              ErrorCode.UNAVAILABLE,
              reason(e, options.connectTimeout())
                  + "; start the daemon there (scripts/genserverd), or give the address where it"
                  + " listens"));
    }
  }

  private static TlsChannel secure(
      Address address, SocketChannel channel, ClientOptions options, Deadline deadline)
      throws IOException {
    var tls = options.tls().orElseGet(TlsOptions::defaults);
    return TlsChannel.connect(channel, tls, address.host(), deadline.left());
  }

  private static String reason(IOException e, Duration timeout) {
    if (e instanceof SocketTimeoutException) {
      return "no answer within " + timeout.toMillis() + " ms";
    }
    if (e instanceof UnknownHostException || e.getMessage() == null) {
      return "no host has that name";
    }
    return e.getMessage();
  }

  /// A new request, open from now on.
  Request newRequest() {
    return newRequest(result -> {});
  }

  /// A new request that looks at its result first; see [Request].
  Request newRequest(Consumer<RawJson> onResult) {
    var request = new Request(lastId.incrementAndGet(), onResult);
    open.put(request.id(), request);
    if (lost.get() != null) {
      loseOpen();
    }
    return request;
  }

  /// A new request that will have no answer.
  Request unansweredRequest() {
    return new Request(0, result -> {});
  }

  /// Writes a request's frame: now if it is urgent, else soon. Waits for room to do so, at most
  /// `nanos`. The request is ended if the connection is or goes lost.
  void send(Request request, JsonWriter frame, boolean urgent, long nanos)
      throws InterruptedException, TimeoutException {
    var farewell = goodbye;
    if (farewell != null) {
      forget(request);
      request.end(new Outcome.Failed(unavailable(farewell)));
    } else if (closing) {
      forget(request);
      request.lose(CLOSED, 0);
    } else {
      try {
        outbound.send(request, frame, urgent, nanos);
      } catch (IOException e) {
        awaitReason();
        lose(broken(e));
        forget(request);
        request.lose(whyLost(), outbound.written());
      }
    }
  }

  /// What cannot be written to has ended, and most likely the daemon has said why: that is still to
  /// be read.
  private void awaitReason() throws InterruptedException {
    if (Thread.currentThread() != reader) {
      TimeUnit.SECONDS.timedJoin(reader, 1);
    }
  }

  /// Drops an open request: its answer will be ignored. False if it has ended.
  boolean forget(Request request) {
    return open.remove(request.id(), request);
  }

  /// Drops an open call and tells the daemon. False if it has ended.
  boolean cancel(Request request, ClientMessage.Cancel cancel) {
    if (!forget(request)) {
      return false;
    }
    sendNow(cancel);
    return true;
  }

  // Monitors.

  /// Has `down` with that ref told to the monitor.
  void register(String ref, Monitor monitor) {
    monitors.put(ref, monitor);
    if (lost.get() != null) {
      loseMonitors();
    }
  }

  /// Forgets a monitor and tells the daemon, whose answer nobody waits for.
  void demonitor(String ref) {
    if (monitors.remove(ref) != null && lost.get() == null) {
      sendNow(new ClientMessage.Demonitor(RequestId.of(lastId.incrementAndGet()), ref));
    }
  }

  private void down(ServerMessage.Down down) {
    var monitor = monitors.remove(down.ref());
    // Without one it was closed meanwhile.
    if (monitor != null) {
      monitor.down(ExitReason.of(down.reason()));
    }
  }

  private void loseMonitors() {
    var reason = ExitReason.noConnection(whyLost());
    for (var ref : monitors.keySet()) {
      var monitor = monitors.remove(ref);
      if (monitor != null) {
        monitor.down(reason);
      }
    }
  }

  private void sendNow(ClientMessage message) {
    if (outputEnded) {
      return; // a ping of the daemon's, say, which by now knows that nothing more comes
    }
    try {
      outbound.sendNow(frame(message));
    } catch (IOException e) {
      lose(broken(e));
    }
  }

  static JsonWriter frame(ClientMessage message) {
    var frame = new JsonWriter();
    int start = frame.beginFrame();
    message.writeTo(frame);
    frame.endFrame(start);
    return frame;
  }

  /// Writes what is queued, lets the daemon answer what it has, and closes; all within `timeout`.
  void close(Duration timeout) {
    closing = true;
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
    lose(CLOSED);
  }

  // The connection's own thread.

  private void readAll() {
    var frames = new FrameReader(input, Framing.MAX_FRAME_CEILING);
    try {
      for (var frame = frames.read(); frame != null; frame = frames.read()) {
        receive(ServerMessages.decode(frame, 0, frame.length));
      }
      var farewell = goodbye;
      lose(
          farewell == null
              ? "the daemon at " + address + " closed the connection"
              : "the daemon closed the connection: " + said(farewell));
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
      end(reply.id(), new Outcome.Done(reply.result()));
    } else if (message instanceof ServerMessage.Ok ok) {
      end(ok.id(), new Outcome.Done(ok.result() == null ? RawJson.NULL : ok.result()));
    } else if (message instanceof ServerMessage.Failure failure) {
      if (failure.id() == null) {
        LOG.log(Level.WARNING, "error without a request error=" + failure.error());
      } else {
        end(failure.id(), new Outcome.Failed(failure.error()));
      }
    } else if (message instanceof ServerMessage.Pong pong && pong.id() != null) {
      end(pong.id(), new Outcome.Done(RawJson.NULL));
    } else if (message instanceof ServerMessage.Welcome welcome) {
      end(welcome.id(), new Outcome.Welcomed(welcome));
    } else if (message instanceof ServerMessage.Down down) {
      down(down);
    } else if (message instanceof ServerMessage.Goodbye farewell) {
      goodbye = farewell;
    } else if (message instanceof ServerMessage.Ping) {
      // Any traffic is the sign of life that it asks for; this is the smallest.
      sendNow(new ClientMessage.Ping(null));
    }
  }

  private void end(RequestId id, Outcome outcome) {
    var request = id instanceof RequestId.Num number ? open.remove(number.value()) : null;
    // Without one it is a late answer to what was given up, or a second one.
    if (request != null) {
      request.end(outcome);
    }
  }

  private void write() {
    try {
      outbound.write();
    } catch (SSLException e) {
      lose(broken(e));
    } catch (IOException e) {
      // Reading goes on, to its own end: the daemon may have said why it hung up.
      LOG.log(Level.DEBUG, "connection cannot be written to address=" + address, e);
      outbound.close();
    }
  }

  private String foreign(ProtocolException e) {
    return e instanceof FrameException frame && frame.isTls()
        ? address + " speaks TLS; connect to it by tls://, or with ClientOptions.tls"
        : address + " does not speak the protocol, is it a genserverd? " + e.getMessage();
  }

  // The end.

  boolean isLost() {
    return lost.get() != null || goodbye != null || closing;
  }

  /// What TLS ended it with, if that did.
  @Nullable TlsException insecure() {
    return insecure;
  }

  private void lose(String why) {
    if (!lost.compareAndSet(null, why)) {
      return;
    }
    outbound.close();
    close(channel);
    close(selector);
    loseOpen();
    loseMonitors();
  }

  private void loseOpen() {
    var why = whyLost();
    for (var request : open.values()) {
      if (forget(request)) {
        request.lose(why, outbound.written());
      }
    }
  }

  private String whyLost() {
    return String.valueOf(lost.get());
  }

  private String broken(IOException e) {
    var farewell = goodbye;
    return "the connection to %s broke: %s"
        .formatted(address, farewell == null ? e.getMessage() : said(farewell));
  }

  private static WireError unavailable(ServerMessage.Goodbye goodbye) {
    return WireError.refused(
        ErrorCode.UNAVAILABLE, "the daemon is closing the connection: " + said(goodbye));
  }

  private static String said(ServerMessage.Goodbye goodbye) {
    return goodbye.code() + ", " + goodbye.message();
  }

  private static void close(@Nullable AutoCloseable resource) {
    try {
      if (resource != null) {
        resource.close();
      }
    } catch (Exception e) {
      LOG.log(Level.DEBUG, "could not close " + resource, e);
    }
  }
}
