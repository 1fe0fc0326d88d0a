package dev.genserver.daemon.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.time.Duration;
import java.util.List;

/// Stands first on an admin port that speaks TLS: if the first byte is that of TLS it makes way for
/// it, else for plain HTTP, over which next to nothing is answered.
final class PlainHttpDetector extends ByteToMessageDecoder {

  private final Tls tls;
  private final Duration handshakeTimeout;

  PlainHttpDetector(Tls tls, Duration handshakeTimeout) {
    this.tls = tls;
    this.handshakeTimeout = handshakeTimeout;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (Foreign.isTls(in.getUnsignedByte(in.readerIndex()))) {
      ctx.pipeline().replace(this, "tls", tls.newAdminHandler(ctx.alloc(), handshakeTimeout));
    } else {
      ctx.pipeline().remove(this);
    }
  }
}
