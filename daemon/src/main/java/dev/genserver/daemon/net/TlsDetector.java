package dev.genserver.daemon.net;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.WireError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Stands first where TLS is spoken: if the first byte is that of TLS it makes way for it, else the
/// peer is told, in its own language, what is spoken here.
final class TlsDetector extends ByteToMessageDecoder {

  private final Connection connection;
  private final Tls tls;
  private final Duration handshakeTimeout;
  private @Nullable Future<?> silence;

  TlsDetector(Connection connection, Tls tls, Duration handshakeTimeout) {
    this.connection = connection;
    this.tls = tls;
    this.handshakeTimeout = handshakeTimeout;
  }

  /// A peer that sends nothing has begun no handshake whose time would be limited.
  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    silence = connection.after(handshakeTimeout, ctx.channel()::close);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    if (silence != null) {
      silence.cancel(false);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    var first = in.getUnsignedByte(in.readerIndex());
    if (Foreign.isTls(first)) {
      ctx.pipeline().replace(this, "tls", tls.newHandler(ctx.alloc(), handshakeTimeout));
      return;
    }
    in.skipBytes(in.readableBytes());
    if (!connection.isOver()) {
      refuse(first);
    }
  }

  private void refuse(int first) {
    if (Foreign.isHttp(first)) {
      connection.refuseForeign(Foreign.noHttp(true));
      return;
    }
    if (first == '{') {
      connection.use(Format.LINES);
    }
    connection.fail(
        WireError.refused(
            ErrorCode.BAD_FRAME,
            "this port speaks TLS; connect with tls://HOST:PORT, or your program's option for TLS"));
  }
}
