package dev.genserver.daemon.net;

import dev.genserver.daemon.access.Principal;
import dev.genserver.daemon.metrics.Meters;
import dev.genserver.daemon.request.Failures;
import dev.genserver.daemon.request.PeerProcess;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import dev.genserver.runtime.Outcome;
import dev.genserver.runtime.Port;
import dev.genserver.sdk.Durations;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Pid;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// One connection: its life from the first byte to the last. What it is asked is up to [Requests].
///
/// Its state belongs to its event loop; [#answer], [#isOver], [#pid], [#received] and [#ended] are
/// for any thread.
final class Connection extends ChannelInboundHandlerAdapter implements Port.Owner {

  /// Why a connection is not read for now.
  enum Pause {
    /// A mailbox that it casts to is full.
    MAILBOX_FULL,
    /// The peer does not read its answers.
    SLOW_CONSUMER,
    /// Too much of what it has sent is not done with.
    BACKLOG,
    /// The same of all connections together.
    MEMORY,
    /// There is no room for the frame that it sends; see [FrameRoom].
    FRAME
  }

  private static final int MAX_FRAME_BEFORE_LOGIN = 16 * 1024;

  /// How long a connection that was told why it ends may take to read that.
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  /// How often a peer that sends no more is pinged while its calls are open.
  private static final Duration PROBE_INTERVAL = Duration.ofMillis(100);

  private static final System.Logger LOG = System.getLogger(Connection.class.getName());

  private final Channel channel;
  private final long id;
  private final long openedNanos = System.nanoTime();
  private final InetSocketAddress remote;
  private final WireSettings settings;
  private final Meters meters;
  private final OpenCalls calls;
  private final Backlog backlog;
  private final Outbound outbound;
  private final PeerProcess peer;
  private final Monitors monitors;
  private final Session session;
  private final Requests requests;
  private final Set<Pause> pauses = EnumSet.noneOf(Pause.class);
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private volatile Format format = Format.FRAMES;
  private volatile boolean over;
  private boolean heard = true;
  private boolean finishesFrame;
  private long received;
  private boolean draining;
  private boolean inputEnded;
  private @Nullable Future<?> idleTimer;
  private @Nullable Future<?> slowTimer;

  Connection(
      Channel channel, long id, InetSocketAddress remote, WireSettings settings, Wiring wiring) {
    this.channel = channel;
    this.id = id;
    this.remote = remote;
    this.settings = settings;
    this.meters = wiring.gate().meters();
    this.calls = new OpenCalls(channel.eventLoop());
    this.backlog = new Backlog(this, settings.maxBacklog(), wiring.requests());
    this.outbound = new Outbound(this, channel, calls, settings.maxAnswers(), wiring);
    this.peer = new PeerProcess(this, wiring.node());
    this.monitors = new Monitors(this, peer, settings.maxMonitors());
    this.session = new Session(this, settings, wiring);
    this.requests = new Requests(this, session, settings, wiring, calls, monitors);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    LOG.log(Level.DEBUG, "connection opened peer={0}", peerAddress());
    session.begin();
    watchIdleness();
  }

  // Reading.

  /// What the first byte has told.
  void use(Format format) {
    this.format = format;
  }

  /// Takes one message.
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    heard = true;
    received++;
    if (!over && !session.hasFailed()) {
      requests.handle((byte[]) message);
    }
  }

  void readingBegins() {
    outbound.readingBegins();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    outbound.readingEnds();
    backlog.check();
    ctx.fireChannelReadComplete();
  }

  /// Stops reading until [#resume] is called for the same reason.
  ///
  /// @return false if it was paused for that reason already
  boolean pause(Pause reason) {
    var paused = pauses.add(reason);
    readOrNot();
    return paused;
  }

  void resume(Pause reason) {
    pauses.remove(reason);
    readOrNot();
  }

  /// Reads on until a frame that has its room is whole, whatever reason there is to pause: others
  /// may wait for that room.
  void finishFrame(boolean finish) {
    finishesFrame = finish;
    readOrNot();
  }

  private void readOrNot() {
    if (!over) {
      channel.config().setAutoRead(!isPaused());
    }
  }

  Backlog backlog() {
    return backlog;
  }

  boolean isPaused() {
    return !pauses.isEmpty() && !finishesFrame;
  }

  /// How long a frame may be now, in bytes: before the login only a hello has to fit.
  int maxFrame() {
    return session.isOpen()
        ? settings.maxFrame()
        : Math.min(MAX_FRAME_BEFORE_LOGIN, settings.maxFrame());
  }

  Channel channel() {
    return channel;
  }

  /// For those who look on, from any thread.
  ConnectionInfo info() {
    return new ConnectionInfo(
        id,
        peerAddress(),
        session.principal().flatMap(Principal::name),
        channel.pipeline().get(SslHandler.class) != null,
        Duration.ofNanos(System.nanoTime() - openedNanos),
        calls.size());
  }

  /// How many calls wait for their answers; for any thread, and may be a little off.
  int openCalls() {
    return calls.size();
  }

  /// Whether the process that stands for the peer is `pid`.
  boolean isPeer(Pid pid) {
    return peer.is(pid);
  }

  /// Ends the connection because an operator wants it.
  void closeByOperator() {
    execute(() -> {
      if (!over) {
        fail(WireError.refused(ErrorCode.UNAVAILABLE, "an operator has closed this connection"));
      }
    });
  }

  /// Where the peer is, as people write it.
  String peerAddress() {
    return session.peerAddress();
  }

  /// Where the peer is.
  InetSocketAddress remote() {
    return remote;
  }

  Session session() {
    return session;
  }

  boolean isDraining() {
    return draining;
  }

  // Writing.

  /// Sends the answer of a call that has ended. For any thread, mostly that of the process.
  void answer(WireCall call, Outcome outcome) {
    if (!over) {
      outbound.add(Answers.encode(call, outcome, format, settings.maxFrame(), meters), call);
    }
  }

  void send(ServerMessage message) {
    if (message instanceof ServerMessage.Failure failure) {
      meters.error(failure.error().code());
    }
    outbound.add(format.encode(message), null);
  }

  // The process that stands for the peer.

  /// The pid that the peer has for processes.
  Pid pid() {
    return peer.port().pid();
  }

  @Override
  public void received(InfoMessage message) {
    if (message instanceof InfoMessage.Down down) {
      down(down);
    } else {
      LOG.log(Level.DEBUG, "message dropped to={0}: clients take none", this);
    }
  }

  /// Passes the end of a monitored process on.
  private void down(InfoMessage.Down down) {
    // Here and not on the event loop: a reason may be the plugin's, and its text code of the
    // plugin.
    var reason = Failures.describe(down.reason());
    execute(() -> {
      if (!over) {
        monitors.down(down.ref(), reason);
      }
    });
  }

  /// The process that stands for the peer has ended; unless this was the connection's own doing, a
  /// process wants it closed.
  @Override
  public void ended(ExitReason reason) {
    if (over) {
      return;
    }
    var text = Failures.shown(reason);
    execute(() -> {
      if (!over) {
        fail(
            WireError.refused(
                ErrorCode.UNAVAILABLE, "a process has closed this connection: " + text));
      }
    });
  }

  /// Has the event loop run a task, if it still runs.
  void execute(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException _) {
      // The server is closed, and with it this connection.
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (channel.isWritable()) {
      cancel(slowTimer);
      resume(Pause.SLOW_CONSUMER);
    } else {
      pause(Pause.SLOW_CONSUMER);
      slowTimer = after(settings.slowConsumerGrace(), this::closeIfStillSlow);
    }
    ctx.fireChannelWritabilityChanged();
  }

  private void closeIfStillSlow() {
    if (pauses.contains(Pause.SLOW_CONSUMER)) {
      closeAsSlow();
    }
  }

  /// Ends a connection whose answers take too much room.
  void closeAsSlow() {
    if (!over) {
      LOG.log(
          Level.WARNING,
          "connection closed peer={0} reason=slow_consumer waiting={1} grace={2}",
          peerAddress(),
          outbound.pending(),
          settings.slowConsumerGrace());
      goodbye(
          ErrorCode.SLOW_CONSUMER, "answers were not read in time; read them as they come", null);
      channel.close();
    }
  }

  // The end.

  /// Ends the connection because of what the peer sent: tells it, then closes.
  void fail(WireError error) {
    LOG.log(Level.DEBUG, "connection failed peer={0} reason={1}", peerAddress(), error.message());
    goodbye(error.code(), error.message(), null);
    closeAfterLastWords();
  }

  /// Ends a connection whose peer speaks another protocol, in words of that one.
  void refuseForeign(String answer) {
    channel.write(Unpooled.copiedBuffer(answer, StandardCharsets.US_ASCII), channel.voidPromise());
    closeAfterLastWords();
  }

  /// Ends the connection in order: what was read is finished, what comes now is refused.
  ///
  /// @return done when the connection is closed
  CompletableFuture<Void> drain(Duration grace) {
    channel
        .eventLoop()
        .execute(() -> {
          if (!over && !draining) {
            draining = true;
            goodbye(ErrorCode.UNAVAILABLE, "the daemon is ending", grace.toMillis());
            calls.whenEmpty(this::closeAfterLastWords);
          }
        });
    return closed;
  }

  boolean isOver() {
    return over;
  }

  private void goodbye(ErrorCode code, String message, @Nullable Long graceMs) {
    send(new ServerMessage.Goodbye(code, message, graceMs));
  }

  /// Closes once the peer has had a chance to read what was sent: closing at once with unread input
  /// would throw that away.
  void closeAfterLastWords() {
    outbound.flush();
    over(draining ? ExitReason.SHUTDOWN : ExitReason.NOCONNECTION);
    pauses.clear();
    // Nothing is left to do once the peer has ended its side as well.
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    channel.config().setAutoRead(true);
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(written -> {
          if (written.isSuccess() && !inputEnded && channel instanceof DuplexChannel duplex) {
            endOutput(duplex);
            after(LAST_WORDS, channel::close);
          } else {
            channel.close();
          }
        });
  }

  /// Tells the peer that nothing more comes.
  static void endOutput(DuplexChannel channel) {
    var tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      channel.shutdownOutput();
    } else {
      tls.closeOutbound().addListener(_ -> channel.shutdownOutput());
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    switch (event) {
      case ChannelInputShutdownEvent _ -> inputEnded();
      case SslCloseCompletionEvent closed when closed.isSuccess() -> inputEnded();
      case SslHandshakeCompletionEvent handshake -> secured(ctx, handshake);
      default -> {
        // Not of this protocol.
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  private void secured(ChannelHandlerContext ctx, SslHandshakeCompletionEvent handshake) {
    if (!handshake.isSuccess()) {
      session.handshakeFailed(handshake.cause());
      return;
    }
    try {
      var peers = ctx.pipeline().get(SslHandler.class).engine().getSession().getPeerCertificates();
      session.identified((X509Certificate) peers[0]);
    } catch (SSLPeerUnverifiedException _) {
      // It has shown none, and none was required.
    }
  }

  /// The peer sends no more, but may still wait for answers.
  private void inputEnded() {
    if (inputEnded) {
      return;
    }
    inputEnded = true;
    if (over) {
      channel.close();
      return;
    }
    outbound.flush();
    if (session.hasFailed()) {
      return; // it is still to be told, and that closes
    }
    probe();
    calls.whenEmpty(() ->
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE));
  }

  /// Finds out whether a peer that sends no more is gone altogether: it answers the first ping with
  /// a reset, which the next one meets, and its calls are cancelled. Not in line mode, where people
  /// look on.
  private void probe() {
    if (!over && channel.isActive() && format == Format.FRAMES && calls.size() > 0) {
      send(new ServerMessage.Ping());
      after(PROBE_INTERVAL, this::probe);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    var inOrder = inputEnded && calls.size() == 0;
    over(draining ? ExitReason.SHUTDOWN : inOrder ? ExitReason.NORMAL : ExitReason.NOCONNECTION);
    cancel(idleTimer);
    cancel(slowTimer);
    closed.complete(null);
    LOG.log(
        Level.DEBUG,
        "connection closed peer={0} principal={1} age={2} messages={3}",
        peerAddress(),
        session.principal().flatMap(Principal::name).orElse("-"),
        Duration.ofNanos(System.nanoTime() - openedNanos),
        received);
    ctx.fireChannelInactive();
  }

  private void over(ExitReason reason) {
    over = true;
    session.end();
    calls.cancelAll();
    monitors.clear();
    peer.end(reason);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException || cause.getCause() instanceof SSLException) {
      LOG.log(Level.DEBUG, "connection lost peer={0} reason={1}", peerAddress(), cause);
    } else {
      LOG.log(Level.ERROR, "connection failed peer=" + peerAddress(), cause);
    }
    channel.close();
  }

  // Signs of life.

  /// Pings a peer that was not heard of for half the idle time, and closes after the whole of it.
  private void watchIdleness() {
    idleTimer = after(settings.idle().dividedBy(2), () -> checkIdleness(false));
  }

  private void checkIdleness(boolean pinged) {
    if (over || !channel.isActive()) {
      return;
    }
    if (isPaused()) {
      // What it sends is not read, so it cannot show a sign of life; nor see one, but for this.
      if (channel.isWritable()) {
        send(new ServerMessage.Ping());
      }
      watchIdleness();
    } else if (heard || calls.size() > 0 || inputEnded) {
      heard = false;
      watchIdleness();
    } else if (pinged) {
      fail(
          WireError.refused(
              ErrorCode.UNAVAILABLE,
              "no sign of life for %s; send a ping now and then"
                  .formatted(Durations.format(settings.idle()))));
    } else {
      send(new ServerMessage.Ping());
      idleTimer = after(settings.idle().dividedBy(2), () -> checkIdleness(true));
    }
  }

  Future<?> after(Duration delay, Runnable task) {
    return channel.eventLoop().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void cancel(@Nullable Future<?> timer) {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  @Override
  public String toString() {
    return "connection " + peerAddress();
  }
}
