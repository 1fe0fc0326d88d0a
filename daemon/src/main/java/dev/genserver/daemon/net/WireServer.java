package dev.genserver.daemon.net;

import dev.genserver.daemon.request.Gate;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.WireError;
import dev.genserver.runtime.Node;
import dev.genserver.sdk.Pid;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Listens on the wire port and serves every connection. Thread-safe.
public final class WireServer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(WireServer.class.getName());

  private final WireSettings settings;
  private final Wiring wiring;
  private final EventLoopGroup loops;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final @Nullable Tls tls;
  private final Admission admission;
  private final AtomicLong ids = new AtomicLong();
  private final Channel listener;

  private WireServer(
      InetSocketAddress address,
      WireSettings settings,
      Wiring wiring,
      @Nullable Tls tls,
      Transport transport)
      throws IOException {
    this.settings = settings;
    this.tls = tls;
    this.admission = new Admission(settings.maxConnections(), settings.maxPerAddress());
    this.wiring = wiring;
    this.loops =
        new MultiThreadIoEventLoopGroup(
            Runtime.getRuntime().availableProcessors(), transport.handlers());
    var bound =
        new ServerBootstrap()
            .group(loops)
            .channel(transport.server())
            .option(ChannelOption.SO_BACKLOG, 1024)
            .option(ChannelOption.SO_REUSEADDR, true)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel listener) {
                    listener
                        .pipeline()
                        .addLast(new AcceptRate(settings.acceptRate()), new AcceptFailures());
                  }
                })
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(settings.highWater() / 2, settings.highWater()))
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw cannotListen("listen", address, bound.cause());
    }
    this.listener = bound.channel();
    LOG.log(
        Level.INFO,
        "wire listens address={0} transport={1} tls={2}",
        listener.localAddress(),
        transport.name(),
        tls != null);
    wiring.gate().access().onChange(this::accessChanged);
  }

  /// Binds the address and begins to serve.
  ///
  /// @param server what the daemon calls itself in its welcome
  /// @param tls null to speak plain TCP
  /// @throws IOException if the address cannot be bound
  public static WireServer start(
      InetSocketAddress address,
      WireSettings settings,
      Node node,
      String server,
      String nodeName,
      Gate gate,
      @Nullable Tls tls)
      throws IOException {
    var wiring = new Wiring(node, server, nodeName, gate, settings.maxHeld());
    return new WireServer(address, settings, wiring, tls, Transport.best());
  }

  /// Where it listens; tells the port that was taken for port 0.
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /// The connections that are open, in no order.
  public List<ConnectionInfo> connections() {
    return connections.stream().map(Connection::info).toList();
  }

  /// The connection whose client is that process for others.
  public Optional<ConnectionInfo> of(Pid peer) {
    return connections.stream()
        .filter(connection -> connection.isPeer(peer))
        .findFirst()
        .map(Connection::info);
  }

  /// Closes a connection, with a goodbye.
  ///
  /// @return whether there was one with that id
  public boolean close(long id) {
    var found = connections.stream().filter(each -> each.info().id() == id).findFirst();
    found.ifPresent(Connection::closeByOperator);
    return found.isPresent();
  }

  /// What was counted since it began to listen, by name.
  public Map<String, Long> counters() {
    var values = wiring.gate().counters().values();
    values.put("connections_open", (long) connections.size());
    values.put("calls_open", connections.stream().mapToLong(Connection::openCalls).sum());
    values.put("request_bytes_waiting", wiring.frames().total() + wiring.requests().total());
    values.put("answer_bytes_waiting", wiring.answers().total());
    return values;
  }

  /// How many connections are open.
  public int connectionCount() {
    return connections.size();
  }

  /// Takes no more connections, tells the others goodbye, and waits until their open calls are
  /// answered.
  ///
  /// @return whether all were answered in time
  public boolean drain(Duration grace) {
    listener.close().awaitUninterruptibly();
    var drained =
        connections.stream()
            .map(connection -> connection.drain(grace))
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(drained)
        .completeOnTimeout(null, grace.toMillis(), TimeUnit.MILLISECONDS)
        .thenApply(_ -> connections.isEmpty())
        .join();
  }

  /// Closes everything at once.
  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    connections.forEach(connection -> connection.channel().close());
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private void accept(Channel channel) {
    if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
      channel.close(); // it was gone before it was looked at
      return;
    }
    var refusal = admission.enter(remote.getAddress());
    channel.closeFuture().addListener(_ -> admission.leave(remote.getAddress()));
    if (refusal.isPresent() && tls != null) {
      // A handshake, to tell it why, is what it is not to get.
      refused(remote, refusal.get());
      channel.close();
      return;
    }
    var connection = new Connection(channel, ids.incrementAndGet(), remote, settings, wiring);
    connections.add(connection);
    channel.closeFuture().addListener(_ -> connections.remove(connection));
    if (tls != null) {
      channel.pipeline().addLast(new TlsDetector(connection, tls, settings.loginTimeout()));
    }
    channel.pipeline().addLast(new ReadingBegins(connection));
    channel
        .pipeline()
        .addLast(
            new FrameDecoder(
                connection, new FrameRoom(connection, wiring), settings.frameTimeout()));
    channel.pipeline().addLast(connection);
    if (refusal.isPresent()) {
      refused(remote, refusal.get());
      connection.fail(WireError.refused(ErrorCode.OVERLOADED, refusal.get()));
    } else {
      wiring.gate().counters().accepted.increment();
    }
  }

  private void refused(InetSocketAddress remote, String reason) {
    wiring.gate().counters().refused.increment();
    var count = wiring.gate().counters().refused.sum();
    if (Long.bitCount(count) == 1) {
      LOG.log(
          Level.WARNING,
          "connection refused peer={0} refused={1} reason={2}",
          remote,
          count,
          reason);
    }
  }

  private void accessChanged() {
    connections.forEach(
        connection -> connection.channel().eventLoop().execute(connection.session()::refresh));
  }

  /// What is said where an address cannot be bound.
  ///
  /// @param setting the one that names it
  static IOException cannotListen(String setting, InetSocketAddress address, Throwable cause) {
    var reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return new IOException(
        "cannot listen on %s:%d: %s; choose another address with %s (port 0 takes a free one)"
            .formatted(address.getHostString(), address.getPort(), reason, setting),
        cause);
  }

  /// Tells the connection that a burst of input begins, before the first message of it.
  private static final class ReadingBegins extends ChannelInboundHandlerAdapter {

    private final Connection connection;

    ReadingBegins(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      connection.readingBegins();
      ctx.fireChannelRead(message);
    }
  }
}
