package dev.genserver.daemon.net;

import dev.genserver.daemon.http.Sink;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The events that one viewer is sent, as [server-sent
/// events](https://html.spec.whatwg.org/multipage/server-sent-events.html). What the [Sink] has is
/// for any thread, the rest for the connection's event loop.
final class EventStream implements Sink {

  /// How often a viewer is sent something at least, so that what is between takes it for alive.
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  /// How many bytes may wait for a viewer at the very most.
  private static final long MOST_WAITING = 8 << 20;

  private static final System.Logger LOG = System.getLogger(EventStream.class.getName());

  private static final Pattern LINE_END = Pattern.compile("\r\n|\r|\n");

  private final Channel channel;
  private final String peer;
  private final Duration slowGrace;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private @Nullable Future<?> heartbeat;
  private @Nullable Future<?> slow;

  /// @param slowGrace how long more may wait for the viewer than the channel's high-water mark
  EventStream(Channel channel, String peer, Duration slowGrace) {
    this.channel = channel;
    this.peer = peer;
    this.slowGrace = slowGrace;
  }

  void begin() {
    write(": genserverd\n\n");
    heartbeat =
        channel
            .eventLoop()
            .scheduleAtFixedRate(
                () -> write(":\n\n"),
                HEARTBEAT.toMillis(),
                HEARTBEAT.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void send(String event, String data) {
    var text = new StringBuilder(data.length() + 64).append("event: ").append(event).append('\n');
    for (var line : LINE_END.split(data, -1)) {
      text.append("data: ").append(line).append('\n');
    }
    execute(() -> write(text.append('\n').toString()));
  }

  @Override
  public boolean isOpen() {
    return !closed.isDone();
  }

  @Override
  public void whenClosed(Runnable task) {
    var _ = closed.thenRun(task);
  }

  @Override
  public void close() {
    execute(() ->
        channel
            .writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
            .addListener(ChannelFutureListener.CLOSE));
  }

  private void write(String text) {
    if (closed.isDone()) {
      return;
    }
    var bytes = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    channel.writeAndFlush(new DefaultHttpContent(bytes), channel.voidPromise());
    var waiting = channel.unsafe().outboundBuffer();
    if (waiting != null && waiting.totalPendingWriteBytes() > MOST_WAITING) {
      cutOff();
    }
  }

  void writabilityChanged() {
    cancel(slow);
    if (!channel.isWritable()) {
      slow =
          channel.eventLoop().schedule(this::cutOff, slowGrace.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void cutOff() {
    LOG.log(Level.INFO, "viewer cut off peer={0} reason=slow_consumer", peer);
    channel.close();
  }

  /// The connection is gone.
  void closed() {
    cancel(heartbeat);
    cancel(slow);
    closed.complete(null);
  }

  private static void cancel(@Nullable Future<?> timer) {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private void execute(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException _) {
      // The server is closed, and with it this stream.
    }
  }
}
