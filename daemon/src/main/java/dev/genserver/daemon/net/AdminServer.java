package dev.genserver.daemon.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Listens on the admin port, over HTTP: tells whoever supervises the daemon whether it is alive
/// and ready. Thread-safe.
///
/// It has a thread of its own, so that it answers however busy the wire is.
public final class AdminServer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(AdminServer.class.getName());

  private static final int MAX_CONNECTIONS = 200;
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final int MAX_LINE = 4 * 1024;
  private static final int MAX_HEADERS = 8 * 1024;

  private final EventLoopGroup loop;
  private final Channel listener;

  private AdminServer(EventLoopGroup loop, Channel listener) {
    this.loop = loop;
    this.listener = listener;
  }

  /// Binds the address and begins to answer.
  ///
  /// @param tls null to speak plain HTTP; clients are never asked for a certificate here
  /// @param ready whether the daemon takes requests now
  /// @throws IOException if the address cannot be bound
  public static AdminServer start(
      InetSocketAddress address, @Nullable Tls tls, BooleanSupplier ready) throws IOException {
    var transport = Transport.best();
    var loop = new MultiThreadIoEventLoopGroup(1, transport.handlers());
    var admission = new Admission(MAX_CONNECTIONS, MAX_CONNECTIONS);
    var bound =
        new ServerBootstrap()
            .group(loop)
            .channel(transport.server())
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel, admission, tls, ready);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw WireServer.cannotListen("admin", address, bound.cause());
    }
    LOG.log(
        Level.INFO,
        "admin listens address={0} tls={1}",
        bound.channel().localAddress(),
        tls != null);
    return new AdminServer(loop, bound.channel());
  }

  private static void accept(
      Channel channel, Admission admission, @Nullable Tls tls, BooleanSupplier ready) {
    if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
      channel.close(); // it was gone before it was looked at
      return;
    }
    var refusal = admission.enter(remote.getAddress());
    channel.closeFuture().addListener(_ -> admission.leave(remote.getAddress()));
    if (refusal.isPresent()) {
      channel.close();
      return;
    }
    var limits =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_LINE)
            .setMaxHeaderSize(MAX_HEADERS)
            .setMaxChunkSize(MAX_HEADERS);
    if (tls != null) {
      channel.pipeline().addLast(tls.newAdminHandler(channel.alloc(), IDLE));
    }
    channel
        .pipeline()
        .addLast(
            new ReadTimeoutHandler(IDLE.toMillis(), TimeUnit.MILLISECONDS),
            new HttpServerCodec(limits),
            new HttpServerKeepAliveHandler(),
            new AdminHandler(ready));
  }

  /// Where it listens; tells the port that was taken for port 0.
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /// Closes everything at once.
  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
