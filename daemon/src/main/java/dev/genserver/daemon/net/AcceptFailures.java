package dev.genserver.daemon.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;

/// What the listener does when it cannot take a connection, mostly for want of file descriptors: it
/// tries again a second later, as at once would fail for ever at the cost of a core. One line a
/// minute says so. Who wants to connect waits meanwhile.
final class AcceptFailures extends ChannelInboundHandlerAdapter {

  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final System.Logger LOG = System.getLogger(AcceptFailures.class.getName());

  private boolean told;
  private long toldAt;

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      ctx.fireExceptionCaught(cause);
      return;
    }
    tell(cause);
    var listener = ctx.channel();
    listener.config().setAutoRead(false);
    listener.eventLoop().schedule(() -> listener.config().setAutoRead(true), 1, TimeUnit.SECONDS);
  }

  private void tell(Throwable cause) {
    var now = System.nanoTime();
    if (!told || now - toldAt > QUIET_NANOS) {
      told = true;
      toldAt = now;
      LOG.log(
          Level.ERROR,
          "connections cannot be accepted, tried again each second; reason={0}; if these are too many open files,"
              + " lower connection.max or raise the limit of the service (ulimit -n, LimitNOFILE)",
          cause.getMessage());
    }
  }
}
