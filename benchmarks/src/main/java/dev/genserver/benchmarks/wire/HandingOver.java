package dev.genserver.benchmarks.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/// Hands each request to the thread that counts, and sends what that replies: all that has gathered
/// in one write.
final class HandingOver extends SimpleChannelInboundHandler<ByteBuf> {

  private final CounterThread counter;
  private final Channel channel;
  private final Queue<ByteBuf> replies = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean isScheduled = new AtomicBoolean();

  HandingOver(CounterThread counter, Channel channel) {
    this.counter = counter;
    this.channel = channel;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) {
    if (!counter.take(Request.read(frame), this)) {
      channel.config().setAutoRead(false);
      counter.whenRoom(() -> channel.config().setAutoRead(true));
    }
  }

  /// On the thread that counts.
  void reply(Request request, long total) {
    replies.add(request.reply(channel.alloc(), total));
    if (isScheduled.compareAndSet(false, true)) {
      channel.eventLoop().execute(this::write);
    }
  }

  private void write() {
    isScheduled.set(false);
    for (ByteBuf reply; (reply = replies.poll()) != null; ) {
      channel.write(reply, channel.voidPromise());
    }
    channel.flush();
  }
}
