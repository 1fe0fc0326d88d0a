package dev.genserver.daemon.net;

import dev.genserver.daemon.access.CertificateNames;
import dev.genserver.daemon.access.Principal;
import dev.genserver.daemon.http.Answer;
import dev.genserver.daemon.http.Endpoint;
import dev.genserver.daemon.http.Head;
import dev.genserver.daemon.http.LiveStream;
import dev.genserver.daemon.http.Peer;
import dev.genserver.daemon.http.Reception;
import dev.genserver.daemon.http.Reception.Work;
import dev.genserver.daemon.http.Request;
import dev.genserver.daemon.request.Failures;
import dev.genserver.daemon.request.Gate;
import dev.genserver.daemon.request.Visitor;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.WireError;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// One connection over HTTP: reads a request, has it answered, writes the answer, and only then
/// looks at the next. For its event loop alone.
final class HttpConnection extends ChannelInboundHandlerAdapter implements Visitor {

  /*
   * What has come of a request while the one before it is at work waits in `ahead`; when there is
   * much of it the connection is not read for now. Else it is always read, so that a peer that hangs
   * up is noticed: one that ends its side has hung up.
   *
   * Each wait for the peer has a limit: for a head, counted from the end of the exchange before it;
   * for a body; for its reading of an answer, as long as that gets no further. A request at work and
   * a stream have none here.
   */

  /// How long a peer that was told why its connection ends may take to read that.
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  /// How many parts of requests may wait.
  private static final int MOST_AHEAD = 16;

  private static final System.Logger LOG = System.getLogger(HttpConnection.class.getName());

  private final Channel channel;
  private final InetSocketAddress remote;
  private final Endpoint endpoint;
  private final Gate gate;
  private final HttpSettings settings;
  private final HttpLoad load;
  private final Deque<HttpObject> ahead = new ArrayDeque<>();
  private Optional<CertificateNames> certificate = Optional.empty();
  private @Nullable HttpExchange exchange;
  private @Nullable EventStream stream;
  private @Nullable Future<?> timer;
  private boolean takingAhead;
  private boolean over;
  private long forbidden;

  HttpConnection(
      Channel channel,
      InetSocketAddress remote,
      Endpoint endpoint,
      Gate gate,
      HttpSettings settings,
      HttpLoad load) {
    this.channel = channel;
    this.remote = remote;
    this.endpoint = endpoint;
    this.gate = gate;
    this.settings = settings;
    this.load = load;
  }

  @Override
  public InetSocketAddress remote() {
    return remote;
  }

  /// Nobody: each request logs in by itself.
  @Override
  public Optional<Principal> principal() {
    return Optional.empty();
  }

  @Override
  public long countForbidden() {
    return ++forbidden;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    load.entered(this);
    awaitHead(settings.headTimeout());
  }

  /// Ends a connection that waits for its peer, since another needs the room.
  void giveWay() {
    LOG.log(Level.DEBUG, "admin connection gives way peer={0}", peerAddress());
    if (exchange != null) {
      release(exchange);
    }
    close();
  }

  // Reading.

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (over) {
      ReferenceCountUtil.release(message);
    } else if (isBlocked()) {
      ahead.add((HttpObject) message);
      if (ahead.size() >= MOST_AHEAD) {
        channel.config().setAutoRead(false);
      }
    } else {
      take((HttpObject) message);
    }
  }

  /// Whether what comes now belongs to a later request.
  private boolean isBlocked() {
    return exchange != null && exchange.inputDone;
  }

  private void takeAhead() {
    if (takingAhead) {
      return; // what called this goes on
    }
    takingAhead = true;
    while (!over && !isBlocked() && !ahead.isEmpty()) {
      take(ahead.remove());
    }
    takingAhead = false;
    if (!over && ahead.size() < MOST_AHEAD) {
      channel.config().setAutoRead(true);
    }
  }

  private void take(HttpObject part) {
    try {
      if (part.decoderResult().isFailure()) {
        refuseMalformed(part);
      } else if (part instanceof HttpRequest request) {
        begin(request);
      } else if (exchange != null && part instanceof HttpContent content) {
        add(exchange, content);
      }
    } finally {
      ReferenceCountUtil.release(part);
    }
  }

  private void refuseMalformed(HttpObject part) {
    var exchange = this.exchange;
    if (exchange == null && part instanceof HttpRequest request) {
      exchange = new HttpExchange(request, head(request));
      this.exchange = exchange;
    }
    if (exchange != null) {
      refuse(
          exchange,
          WireError.refused(ErrorCode.BAD_REQUEST, "this is no HTTP request that is taken here"));
    }
  }

  /// Answers instead of whoever was to, and reads no more.
  private void refuse(HttpExchange exchange, WireError error) {
    exchange.work = null;
    exchange.dropBody();
    exchange.keepAlive = false;
    respond(exchange, Answer.failure(error));
  }

  private void begin(HttpRequest request) {
    var exchange = new HttpExchange(request, head(request));
    this.exchange = exchange;
    cancelTimer();
    switch (receive(exchange.head)) {
      case Reception.Answered(Answer.Whole answer, Duration delay) -> {
        exchange.keepAlive &= !exchange.hasBody;
        if (delay.isZero()) {
          respond(exchange, answer);
        } else {
          after(delay, () -> respond(exchange, answer));
        }
      }
      case Reception.Accepted(Work work) -> accept(exchange, request, work);
    }
  }

  private Reception receive(Head head) {
    try {
      return endpoint.receive(head);
    } catch (RuntimeException e) {
      return Reception.now(
          Answer.failure(Failures.internal("request of " + peerAddress(), Executed.NO, e)));
    }
  }

  private void accept(HttpExchange exchange, HttpRequest request, Work work) {
    if (load.isFull()) {
      refuse(
          exchange,
          WireError.refused(
              ErrorCode.OVERLOADED,
              "%d requests over HTTP are at work, as many as may be; ask again later"
                  .formatted(HttpLoad.MOST_AT_WORK)));
      return;
    }
    load.workBegins(this);
    exchange.counted = true;
    var problem = takeRoom(exchange, HttpUtil.getContentLength(request, 0L));
    if (problem != null) {
      refuse(exchange, problem);
      return;
    }
    exchange.work = work;
    if (HttpUtil.is100ContinueExpected(request)) {
      channel.writeAndFlush(
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
    timer = after(settings.bodyTimeout(), this::close);
  }

  private void add(HttpExchange exchange, HttpContent content) {
    if (exchange.work != null) {
      var more = content.content();
      var problem = takeRoom(exchange, exchange.bodyLength() + more.readableBytes());
      if (problem == null) {
        exchange.add(more);
      } else {
        refuse(exchange, problem);
      }
    }
    if (!(content instanceof LastHttpContent)) {
      return;
    }
    exchange.inputDone = true;
    var work = exchange.work;
    if (work == null) {
      finish(exchange);
    } else {
      cancelTimer();
      var whole = exchange.request();
      Thread.ofVirtual().name("http").start(() -> work(exchange, work, whole));
    }
  }

  /// Has the body be so long.
  ///
  /// @return why it may not; null if it may
  private @Nullable WireError takeRoom(HttpExchange exchange, long length) {
    if (length > settings.maxBody()) {
      return WireError.refused(
          ErrorCode.FRAME_TOO_LARGE,
          "the body exceeds frame.max-bytes %,d; send less, or raise the limit"
              .formatted(settings.maxBody()));
    }
    if (!load.takeRoom(exchange, length)) {
      return WireError.refused(
          ErrorCode.OVERLOADED,
          "requests over HTTP and their answers have %,d bytes, as many as may be; ask again later"
              .formatted(settings.maxHeld()));
    }
    return null;
  }

  private Head head(HttpRequest request) {
    var headers = new LinkedHashMap<String, String>();
    request
        .headers()
        .forEach(header ->
            headers.merge(
                header.getKey().toLowerCase(Locale.ROOT),
                header.getValue(),
                (one, more) -> one + ", " + more));
    var peer = new Peer(remote, channel.pipeline().get(SslHandler.class) != null, certificate);
    return new Head(request.method().name(), request.uri(), headers, peer);
  }

  // Working: on a thread of the request's own.

  private void work(HttpExchange exchange, Work work, Request request) {
    var answer = answer(work, request);
    execute(() -> {
      if (over) {
        release(exchange);
      } else {
        respond(exchange, answer);
      }
    });
  }

  private Answer answer(Work work, Request request) {
    try {
      return work.answer(request);
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      return Answer.failure(Failures.internal("request of " + peerAddress(), Executed.MAYBE, e));
    }
  }

  /// The exchange is not at work any more, if it was.
  private void release(HttpExchange exchange) {
    if (exchange.counted) {
      exchange.counted = false;
      load.workEnds(exchange);
    }
  }

  // Writing.

  /// Writes the answer, unless one was written already or the connection is over.
  private void respond(HttpExchange exchange, Answer answer) {
    if (over || exchange.answered) {
      return;
    }
    exchange.answered = true;
    cancelTimer();
    switch (answer) {
      case Answer.Whole whole -> respond(exchange, whole);
      case Answer.Events _ when exchange.isHead -> respond(exchange, Answer.ofEvents());
      case Answer.Events _ when !load.hasRoomForStream() -> respond(exchange, tooManyViewers());
      case Answer.Events(LiveStream events) -> stream(exchange, events);
    }
  }

  private void respond(HttpExchange exchange, Answer.Whole answer) {
    var body = exchange.isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body());
    var length = body.readableBytes();
    var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status(answer), body);
    exchange.keepAlive &= !load.isDraining();
    addHeaders(response, exchange, answer);
    if (answer.status() != HttpResponseStatus.NOT_MODIFIED.code()) {
      HttpUtil.setContentLength(response, answer.body().length);
    }
    channel
        .writeAndFlush(response)
        .addListener(written -> {
          exchange.outputDone = true;
          load.answerIsWritten(this);
          if (written.isSuccess()) {
            finish(exchange);
          } else {
            close();
          }
        });
    if (!exchange.outputDone) {
      if (exchange.counted) {
        load.answerWaits(this, exchange, length);
      }
      watchReading(exchange, pendingBytes());
    }
  }

  private static HttpResponseStatus status(Answer.Whole answer) {
    return HttpResponseStatus.valueOf(answer.status());
  }

  private static void addHeaders(
      HttpResponse response, HttpExchange exchange, Answer.Whole answer) {
    answer.headers().forEach((name, value) -> response.headers().set(name, value));
    HttpUtil.setKeepAlive(response.headers(), exchange.version, exchange.keepAlive);
  }

  private static Answer.Whole tooManyViewers() {
    return Answer.failure(
        WireError.refused(
            ErrorCode.OVERLOADED,
            "%d watch already, as many as may; close some".formatted(HttpLoad.MOST_STREAMS)));
  }

  /// Closes if the peer takes nothing of its answer for a while.
  private void watchReading(HttpExchange exchange, long before) {
    timer =
        after(
            settings.slowConsumerGrace(),
            () -> {
              var now = pendingBytes();
              if (exchange.outputDone) {
                return;
              }
              if (now < before) {
                watchReading(exchange, now);
              } else {
                LOG.log(Level.DEBUG, "admin connection reads nothing peer={0}", peerAddress());
                close();
              }
            });
  }

  private long pendingBytes() {
    var buffer = channel.unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  private void stream(HttpExchange exchange, LiveStream events) {
    var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    exchange.keepAlive = false;
    addHeaders(response, exchange, Answer.ofEvents());
    if (exchange.version.equals(HttpVersion.HTTP_1_1)) {
      HttpUtil.setTransferEncodingChunked(response, true);
    }
    channel.write(response);
    load.streamBegins(this);
    release(exchange);
    var opened = new EventStream(channel, peerAddress(), settings.slowConsumerGrace());
    stream = opened;
    opened.begin();
    Thread.ofVirtual().name("http-stream").start(() -> events.open(opened));
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (stream != null) {
      stream.writabilityChanged();
    }
    ctx.fireChannelWritabilityChanged();
  }

  /// Goes on with the next request once this one has come whole and its answer is written.
  private void finish(HttpExchange exchange) {
    if (over || !exchange.outputDone) {
      return;
    }
    if (!exchange.keepAlive || load.isDraining()) {
      release(exchange);
      closeAfterLastWords();
    } else if (exchange.inputDone) {
      this.exchange = null;
      release(exchange);
      load.waits(this);
      awaitHead(settings.idle());
      takeAhead();
    }
  }

  private void awaitHead(Duration patience) {
    cancelTimer();
    timer = after(patience, this::close);
  }

  // The end.

  /// Closes once the peer has had a chance to read what was sent: closing at once with unread input
  /// would throw that away.
  private void closeAfterLastWords() {
    over = true;
    cancelTimer();
    forgetAhead();
    channel.config().setAutoRead(true);
    if (channel instanceof DuplexChannel duplex) {
      Connection.endOutput(duplex);
    }
    after(LAST_WORDS, channel::close);
  }

  private void close() {
    channel.close();
  }

  private void forgetAhead() {
    ahead.forEach(ReferenceCountUtil::release);
    ahead.clear();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    over = true;
    cancelTimer();
    forgetAhead();
    load.left(this);
    var exchange = this.exchange;
    if (exchange != null) {
      if (exchange.answered || !exchange.inputDone) {
        release(exchange); // else its work does
      }
      exchange.gone.complete(null);
    }
    if (stream != null) {
      load.streamEnds();
      stream.closed();
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        identify(ctx);
      } else if (handshake.cause() instanceof SSLHandshakeException) {
        var _ = gate.loginFailed(this, String.valueOf(handshake.cause().getMessage()));
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  private void identify(ChannelHandlerContext ctx) {
    try {
      var peers = ctx.pipeline().get(SslHandler.class).engine().getSession().getPeerCertificates();
      certificate = Optional.of(CertificateNames.of((X509Certificate) peers[0]));
    } catch (SSLPeerUnverifiedException _) {
      // It has shown none, and none is required.
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException || cause.getCause() instanceof SSLException) {
      LOG.log(Level.DEBUG, "admin connection lost peer={0} reason={1}", peerAddress(), cause);
    } else {
      LOG.log(Level.ERROR, "admin connection failed peer=" + peerAddress(), cause);
    }
    close();
  }

  private Future<?> after(Duration delay, Runnable task) {
    return channel.eventLoop().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void execute(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException _) {
      // The server is closed, and with it this connection.
    }
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }
}
