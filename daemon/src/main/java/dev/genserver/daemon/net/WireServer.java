package dev.genserver.daemon.net;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.WireError;
import dev.genserver.runtime.Node;
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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Listens on the wire port and serves every connection. Thread-safe.
public final class WireServer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(WireServer.class.getName());

  private final WireSettings settings;
  private final Wiring wiring;
  private final EventLoopGroup loops;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Channel listener;

  private WireServer(
      InetSocketAddress address, WireSettings settings, Wiring wiring, Transport transport)
      throws IOException {
    this.settings = settings;
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
      throw new IOException(
          "cannot listen on %s:%d: %s; choose another address with listen (port 0 takes a free one)"
              .formatted(address.getHostString(), address.getPort(), reason(bound.cause())),
          bound.cause());
    }
    this.listener = bound.channel();
    LOG.log(
        Level.INFO,
        "wire listens address={0} transport={1}",
        listener.localAddress(),
        transport.name());
  }

  /// Binds the address and begins to serve.
  ///
  /// @param server what the daemon calls itself in its welcome
  /// @throws IOException if the address cannot be bound
  public static WireServer start(
      InetSocketAddress address, WireSettings settings, Node node, String server, String nodeName)
      throws IOException {
    return new WireServer(address, settings, new Wiring(node, server, nodeName), Transport.best());
  }

  /// Where it listens; tells the port that was taken for port 0.
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
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
    var connection = new Connection(channel, settings, wiring);
    connections.add(connection);
    channel.closeFuture().addListener(_ -> connections.remove(connection));
    channel.pipeline().addLast(new ReadingBegins(connection));
    channel.pipeline().addLast(new FrameDecoder(connection, settings.maxFrame()));
    channel.pipeline().addLast(connection);
    if (connections.size() > settings.maxConnections()) {
      connection.fail(
          WireError.refused(
              ErrorCode.OVERLOADED,
              "%,d connections are open, as many as connection.max allows; close some or raise it"
                  .formatted(settings.maxConnections())));
    }
  }

  private static String reason(Throwable cause) {
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
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
