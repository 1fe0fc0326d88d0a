package dev.genserver.daemon.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLException;

/// Answers the requests of one admin connection. For its event loop alone.
final class AdminHandler extends SimpleChannelInboundHandler<HttpObject> {

  private static final System.Logger LOG = System.getLogger(AdminHandler.class.getName());

  private final BooleanSupplier ready;

  AdminHandler(BooleanSupplier ready) {
    this.ready = ready;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
    // A body, should there be one, is read past.
    if (part instanceof HttpRequest request) {
      if (request.decoderResult().isFailure()) {
        answer(ctx, request, HttpResponseStatus.BAD_REQUEST, "this is no HTTP request");
        ctx.close();
      } else {
        answer(ctx, request);
      }
    }
  }

  private void answer(ChannelHandlerContext ctx, HttpRequest request) {
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      answer(ctx, request, HttpResponseStatus.METHOD_NOT_ALLOWED, "use GET");
      return;
    }
    switch (new QueryStringDecoder(request.uri()).path()) {
      case "/healthz" -> answer(ctx, request, HttpResponseStatus.OK, "ok");
      case "/readyz" -> {
        if (ready.getAsBoolean()) {
          answer(ctx, request, HttpResponseStatus.OK, "ready");
        } else {
          answer(
              ctx,
              request,
              HttpResponseStatus.SERVICE_UNAVAILABLE,
              "not ready: the daemon is starting or ending");
        }
      }
      default ->
          answer(ctx, request, HttpResponseStatus.NOT_FOUND, "there are /healthz and /readyz");
    }
  }

  private static void answer(
      ChannelHandlerContext ctx, HttpRequest request, HttpResponseStatus status, String text) {
    var body = Unpooled.copiedBuffer(text + "\n", StandardCharsets.US_ASCII);
    var length = body.readableBytes();
    var head = request.method().equals(HttpMethod.HEAD);
    if (head) {
      body.release();
    }
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, status, head ? Unpooled.EMPTY_BUFFER : body);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    response.headers().set("x-content-type-options", "nosniff");
    HttpUtil.setContentLength(response, length);
    ctx.writeAndFlush(response);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException
        || cause instanceof ReadTimeoutException
        || cause.getCause() instanceof SSLException) {
      LOG.log(Level.DEBUG, "admin connection lost reason={0}", cause);
    } else {
      LOG.log(Level.ERROR, "admin connection failed", cause);
    }
    ctx.close();
  }
}
