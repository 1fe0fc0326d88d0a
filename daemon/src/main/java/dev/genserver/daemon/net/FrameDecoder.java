package dev.genserver.daemon.net;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Framing;
import dev.genserver.protocol.WireError;
import dev.genserver.sdk.Durations;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Cuts what comes in into frames or lines and hands each to the [Connection], as an array of its
/// own: what is in it goes to the process and outlives the buffer.
///
/// The first byte tells which of the two it is, or that the peer speaks another protocol. A length
/// is checked before anything is allocated for it.
final class FrameDecoder extends ByteToMessageDecoder {

  private final Connection connection;
  private final FrameRoom room;
  private final Duration frameTimeout;
  private @Nullable Format format;
  private int scanned;
  private long messages;
  private long messagesWhenBegun;
  private long begun;
  private @Nullable Future<?> timer;

  FrameDecoder(Connection connection, FrameRoom room, Duration frameTimeout) {
    this.connection = connection;
    this.room = room;
    this.frameTimeout = frameTimeout;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (connection.isOver()) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (format == null) {
      begin(in);
    }
    switch (format) {
      case FRAMES -> frame(in, out);
      case LINES -> line(in, out);
      case null -> {}
    }
  }

  private void begin(ByteBuf in) {
    var first = in.getUnsignedByte(in.readerIndex());
    if (first == 0) {
      use(Format.FRAMES);
    } else if (first == '{') {
      use(Format.LINES);
    } else if (Foreign.isTls(first)) {
      connection.refuseForeign(Foreign.noTls());
    } else if (Foreign.isHttp(first)) {
      connection.refuseForeign(Foreign.noHttp(false));
    } else {
      connection.fail(
          WireError.refused(
              ErrorCode.BAD_FRAME,
              "a connection cannot begin with byte 0x%02x; begin with a frame's length, or with '{' for line mode"
                  .formatted(first)));
    }
  }

  private void use(Format format) {
    this.format = format;
    connection.use(format);
  }

  private void frame(ByteBuf in, List<Object> out) {
    if (in.readableBytes() < Framing.HEADER_BYTES) {
      return;
    }
    var length = in.getInt(in.readerIndex());
    var error = Framing.checkLength(length, connection.maxFrame());
    if (error != null) {
      connection.fail(error);
    } else if (in.readableBytes() >= Framing.HEADER_BYTES + length) {
      in.skipBytes(Framing.HEADER_BYTES);
      message(in, length, out);
    } else {
      room.take(length);
    }
  }

  private void line(ByteBuf in, List<Object> out) {
    var maxFrame = connection.maxFrame();
    var from = in.readerIndex() + scanned;
    var end = in.indexOf(from, in.writerIndex(), (byte) '\n');
    var length = (end < 0 ? in.writerIndex() : end) - in.readerIndex();
    if (length > maxFrame + 1) {
      connection.fail(Framing.lineTooLong(maxFrame));
    } else if (end < 0) {
      scanned = length;
      if (length > Held.STEP) {
        room.take(maxFrame); // nobody knows how long it will be
      }
    } else {
      scanned = 0;
      wholeLine(in, length, out);
      in.skipBytes(1);
    }
  }

  private void wholeLine(ByteBuf in, int length, List<Object> out) {
    var text = length;
    if (text > 0 && in.getByte(in.readerIndex() + text - 1) == '\r') {
      text--;
    }
    if (text > connection.maxFrame()) {
      connection.fail(Framing.lineTooLong(connection.maxFrame()));
      in.skipBytes(length);
    } else {
      if (text > 0) {
        message(in, text, out);
      }
      in.skipBytes(length - text);
    }
  }

  private void message(ByteBuf in, int length, List<Object> out) {
    var bytes = new byte[length];
    in.readBytes(bytes);
    out.add(bytes);
    messages++;
    room.release();
  }

  // How long a frame takes to arrive.

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    if (connection.isPaused()) {
      // The decoder would read on until a message is whole, whatever the connection waits for.
      discardSomeReadBytes();
      ctx.fireChannelReadComplete();
    } else {
      super.channelReadComplete(ctx);
    }
    if (actualReadableBytes() > 0 && !connection.isOver()) {
      watch();
    }
  }

  /// Notes since when a frame is on its way. The timer is set only where none runs and looks at
  /// what is noted when it fires: under load it costs next to nothing.
  private void watch() {
    if (timer == null) {
      begin();
      timer = connection.after(frameTimeout, this::check);
    } else if (messagesWhenBegun != messages) {
      begin();
    }
  }

  private void begin() {
    begun = System.nanoTime();
    messagesWhenBegun = messages;
  }

  private void check() {
    timer = null;
    if (actualReadableBytes() == 0 || connection.isOver()) {
      return;
    }
    if (messagesWhenBegun != messages || connection.isPaused()) {
      begin(); // another one since, or it was not its peer who kept it waiting
    }
    var left = frameTimeout.minusNanos(System.nanoTime() - begun);
    if (left.isPositive()) {
      timer = connection.after(left, this::check);
    } else {
      connection.fail(
          WireError.refused(
              ErrorCode.BAD_FRAME,
              "a frame was not whole within frame.timeout %s; send it faster, or have the limit raised"
                  .formatted(Durations.format(frameTimeout))));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    super.channelInactive(ctx);
    room.release();
  }

  /// The peer sends no more: a last line may lack its end, a frame may not.
  @Override
  protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (connection.isOver()) {
      in.skipBytes(in.readableBytes());
      return;
    }
    while (in.isReadable() && !connection.isOver()) {
      var before = in.readableBytes();
      decode(ctx, in, out);
      if (in.readableBytes() == before) {
        break;
      }
    }
    if (in.isReadable() && !connection.isOver()) {
      if (format == Format.LINES) {
        wholeLine(in, in.readableBytes(), out);
      } else {
        connection.fail(
            WireError.refused(
                ErrorCode.BAD_FRAME,
                "the connection ended within a frame; %d bytes of it had come"
                    .formatted(in.readableBytes())));
      }
    }
    in.skipBytes(in.readableBytes());
  }
}
