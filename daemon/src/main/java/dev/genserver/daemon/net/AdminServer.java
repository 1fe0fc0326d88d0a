package dev.genserver.daemon.net;

import dev.genserver.daemon.http.Endpoint;
import dev.genserver.daemon.request.Gate;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Listens on the admin port, over HTTP, and has an [Endpoint] answer. Thread-safe.
///
/// It has a thread of its own, so that whoever asks whether the daemon is well gets an answer
/// however busy the wire is; requests that take longer are worked at on virtual threads.
public final class AdminServer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(AdminServer.class.getName());

  private static final int MAX_LINE = 4 * 1024;
  private static final int MAX_HEADERS = 8 * 1024;
  private static final int HIGH_WATER = 1 << 20;

  /// How much is read at once, and so the most that is read of requests before their turn comes.
  private static final int MOST_READ = 16 << 10;

  private final EventLoopGroup loop;
  private final Channel listener;
  private final HttpLoad load;

  private AdminServer(EventLoopGroup loop, Channel listener, HttpLoad load) {
    this.loop = loop;
    this.listener = listener;
    this.load = load;
  }

  /// Binds the address and begins to answer.
  ///
  /// @param tls null to speak plain HTTP
  /// @param gate counts failed handshakes
  /// @throws IOException if the address cannot be bound
  public static AdminServer start(
      InetSocketAddress address,
      @Nullable Tls tls,
      HttpSettings settings,
      Gate gate,
      Endpoint endpoint)
      throws IOException {
    var transport = Transport.best();
    var loop = new MultiThreadIoEventLoopGroup(1, transport.handlers());
    var load = new HttpLoad(settings.maxHeld());
    var bound =
        new ServerBootstrap()
            .group(loop)
            .channel(transport.server())
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(
                ChannelOption.RECVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator(1 << 10, 2 << 10, MOST_READ))
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(HIGH_WATER / 2, HIGH_WATER))
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel, tls, settings, gate, endpoint, load);
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
    return new AdminServer(loop, bound.channel(), load);
  }

  private static void accept(
      Channel channel,
      @Nullable Tls tls,
      HttpSettings settings,
      Gate gate,
      Endpoint endpoint,
      HttpLoad load) {
    if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
      channel.close(); // it was gone before it was looked at
      return;
    }
    var limits =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_LINE)
            .setMaxHeaderSize(MAX_HEADERS)
            .setMaxChunkSize(MAX_HEADERS);
    if (tls != null) {
      channel.pipeline().addLast(new PlainHttpDetector(tls, settings.headTimeout()));
    }
    channel
        .pipeline()
        .addLast(
            // Not HttpServerCodec, which ends a connection on which much is sent ahead.
            new HttpRequestDecoder(limits),
            new HttpResponseEncoder(),
            new HttpConnection(
                channel, remote, tls == null ? endpoint : guarded(endpoint), gate, settings, load));
  }

  private static Endpoint guarded(Endpoint endpoint) {
    return head -> head.peer().tls() ? endpoint.receive(head) : endpoint.receiveInTheClear(head);
  }

  /// Where it listens; tells the port that was taken for port 0.
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /// Goes on answering, but ends each connection with its next answer. That no more work begins is
  /// up to the endpoint.
  ///
  /// @return whether the requests that are at work were answered in time; known then at the latest
  public CompletableFuture<Boolean> drain(Duration grace) {
    return CompletableFuture.supplyAsync(load::drain, loop)
        .thenCompose(quiet -> quiet)
        .thenApply(_ -> true)
        .completeOnTimeout(false, grace.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Closes everything at once.
  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
