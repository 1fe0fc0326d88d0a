package dev.genserver.daemon.net;

import dev.genserver.daemon.request.RateLimit;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;

/// Takes no more than so many new connections a second. Those beyond wait in the operating system's
/// queue, which costs this daemon nothing.
final class AcceptRate extends ChannelInboundHandlerAdapter {

  private final RateLimit rate;

  AcceptRate(int perSecond) {
    this.rate = new RateLimit(perSecond, System::nanoTime);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object accepted) {
    ctx.fireChannelRead(accepted);
    var wait = rate.take();
    var config = ctx.channel().config();
    if (wait > 0 && config.isAutoRead()) {
      config.setAutoRead(false);
      ctx.executor().schedule(() -> config.setAutoRead(true), wait, TimeUnit.NANOSECONDS);
    }
  }
}
