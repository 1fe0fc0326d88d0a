package dev.genserver.daemon.net;

import dev.genserver.daemon.http.Head;
import dev.genserver.daemon.http.Reception.Work;
import dev.genserver.daemon.http.Request;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One request and its answer. For the connection's event loop alone.
final class HttpExchange {

  final Head head;
  final HttpVersion version;
  final boolean isHead;
  final boolean hasBody;

  /// Done when the peer hangs up before it has its answer.
  final CompletableFuture<Void> gone = new CompletableFuture<>();

  /// Whether the connection may go on afterwards.
  boolean keepAlive;

  /// Null where nothing of the body is wanted.
  @Nullable Work work;

  /// Whether it counts as being at work.
  boolean counted;

  /// How many bytes of it are counted; see [HttpLoad].
  long held;

  boolean answered;
  boolean inputDone;
  boolean outputDone;

  private ByteArrayOutputStream body = new ByteArrayOutputStream();

  HttpExchange(HttpRequest request, Head head) {
    this.head = head;
    this.version = request.protocolVersion();
    this.isHead = request.method().equals(HttpMethod.HEAD);
    this.hasBody =
        HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0;
    this.keepAlive = HttpUtil.isKeepAlive(request);
  }

  /// How much of the body is there.
  int bodyLength() {
    return body.size();
  }

  /// Adds to the body.
  void add(ByteBuf content) {
    var bytes = new byte[content.readableBytes()];
    content.readBytes(bytes);
    body.writeBytes(bytes);
  }

  /// The request, now that all of it is there; takes its body along.
  Request request() {
    var request = new Request(head, body.toByteArray(), gone);
    dropBody();
    return request;
  }

  /// Lets go of what has come of the body.
  void dropBody() {
    body = new ByteArrayOutputStream(0);
  }
}
