package dev.genserver.benchmarks.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.concurrent.atomic.AtomicLong;

/// Counts on the event loop.
final class JsonEcho extends SimpleChannelInboundHandler<ByteBuf> {

  private static final AtomicLong TOTAL = new AtomicLong();

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) {
    var request = Request.read(frame);
    var total = TOTAL.addAndGet(request.by());
    if (request.isCall()) {
      ctx.write(request.reply(ctx.alloc(), total), ctx.voidPromise());
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.flush();
  }
}
