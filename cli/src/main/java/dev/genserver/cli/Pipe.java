package dev.genserver.cli;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.RequestId;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Sends the lines of an input as requests over one connection, and writes their answers.
///
/// Threads: *lines* reads the input, takes a place in the window for each line and sends it;
/// *answers* receives; *output* writes, which gives the place back; *again* sends once more what
/// was overloaded. So the window bounds what is held, however slow input, daemon and output are,
/// and answers are always received. The lines thread is left alone at the end: nothing can
/// interrupt who reads from a terminal.
final class Pipe {

  private static final long MOST_BYTES = 16L << 20;
  private static final long FIRST_PAUSE_MILLIS = 5;
  private static final long LONGEST_PAUSE_MILLIS = 500;

  /// The id of the ping that follows the last line.
  private static final RequestId LAST = RequestId.of("last");

  /// How it is done.
  ///
  /// @param width how many requests may be under way
  /// @param confirm whether casts without an id of their own are confirmed all the same
  /// @param ordered whether answers come in the order of the lines
  /// @param castMillis how long an overloaded cast is sent again
  record Choices(int width, boolean confirm, boolean ordered, long castMillis) {

    /// How long the request may take, in milliseconds.
    long limit(ClientMessage request) {
      return request instanceof ClientMessage.Call call ? call.timeoutMs() : castMillis;
    }
  }

  /// A request without its answer.
  ///
  /// @param order counts the requests, from 0; its id on the wire
  /// @param begin when it was sent first
  /// @param limit how long it may take, in milliseconds
  /// @param sent how often it was sent
  private record Open(
      long order, PipeSyntax.Request request, int size, long begin, long limit, int sent) {

    Open again() {
      return new Open(order, request, size, begin, limit, sent + 1);
    }

    long left() {
      return limit == ClientMessage.INFINITY
          ? limit
          : limit - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    ClientMessage message() {
      return sent > 1 && request.message() instanceof ClientMessage.Call call
          ? new ClientMessage.Call(
              call.id(), call.to(), call.msg(), Math.max(0, left()), call.meta(), call.trace())
          : request.message();
    }
  }

  private final Link link;
  private final PipeSyntax syntax;
  private final Choices choices;
  private final LineInput input;
  private final Window window;
  private final PipeOutput output;
  private final Map<Long, Open> open = new ConcurrentHashMap<>();
  private final ScheduledExecutorService again =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("again").factory());
  private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
  private final CountDownLatch allRead = new CountDownLatch(1);
  private volatile @Nullable CliException lost;
  private volatile long lines;

  Pipe(Link link, PipeSyntax syntax, Choices choices, Shell shell) {
    this.link = link;
    this.syntax = syntax;
    this.choices = choices;
    this.input = new LineInput(shell.in(), link.limits().maxFrame());
    this.window = new Window(choices.width(), MOST_BYTES);
    this.output = new PipeOutput(shell, choices.ordered(), window);
  }

  /// Runs until the input has ended and all is answered and written.
  ///
  /// @throws CliException if a line failed, the connection was lost, or input or output failed
  void run() {
    start("answers", this::answers);
    start("output", output::run);
    start("lines", this::lines);
    try {
      end.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof CliException failure ? failure : e;
    } finally {
      again.shutdownNow();
    }
    var first = output.firstFailure();
    if (lost != null) {
      throw new CliException(
          lost.exitCode(),
          "%s; %,d lines were read, %,d of them failed"
              .formatted(lost.getMessage(), lines, output.failed()),
          lost);
    }
    if (first != null) {
      throw new CliException(
          first.error().code().exitCode(),
          "pipe failed: %,d of %,d lines, the first in line %d: %s, %s"
              .formatted(
                  output.failed(),
                  lines,
                  first.line(),
                  first.error().code(),
                  first.error().message()));
    }
  }

  private interface Work {
    void run() throws InterruptedException, IOException;
  }

  private void start(String name, Work work) {
    Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(() -> {
          try {
            work.run();
          } catch (Exception e) {
            end.completeExceptionally(e);
          }
        });
  }

  // Lines.

  private void lines() throws InterruptedException {
    long order = 0;
    try {
      for (LineInput.Line line; (line = input.next()) != null; ) {
        lines = line.number();
        if (!line.isBlank() && !read(line, order++)) {
          return;
        }
        if (!input.hasNext()) {
          flush();
        }
      }
    } catch (IOException e) {
      throw new CliException(
          CliException.IO, "standard input could not be read: " + e.getMessage(), e);
    }
    send(new ClientMessage.Ping(LAST));
    flush();
    allRead.await(); // by the daemon: what was cast unconfirmed is in the mailboxes
    window.awaitEmpty();
    end.complete(null);
  }

  /// @return false if the connection is lost
  private boolean read(LineInput.Line line, long order) throws InterruptedException {
    int size = line.bytes() == null ? 0 : line.bytes().length;
    if (!window.tryEnter(size)) {
      flush();
      if (!window.enter(size)) {
        return false;
      }
    }
    try {
      var request = syntax.parse(line, RequestId.of(order));
      if (choices.confirm() || !request.isSilent()) {
        send(
            new Open(order, request, size, System.nanoTime(), choices.limit(request.message()), 1));
      } else {
        done(order, line.number(), size, send(request.unconfirmed()) ? null : tooLong(request));
      }
    } catch (PipeSyntax.Malformed e) {
      done(order, line.number(), size, e.answer());
    }
    return true;
  }

  private void send(Open request) {
    open.put(request.order(), request);
    if (!send(request.message()) && open.remove(request.order()) != null) {
      done(request, tooLong(request.request()));
    } else if (lost != null) {
      unanswered(request.order());
    }
  }

  private ServerMessage tooLong(PipeSyntax.Request request) {
    var most = link.limits().maxFrame();
    return new ServerMessage.Failure(
        request.caller(),
        WireError.refused(
            ErrorCode.FRAME_TOO_LARGE,
            "line %d: with its envelope it is longer than %,d bytes, the most that the daemon takes"
                .formatted(request.line(), most),
            Map.of("line", request.line(), "limit", most)));
  }

  /// @return whether it is of a length that the daemon takes
  private boolean send(ClientMessage message) {
    try {
      return link.send(message);
    } catch (IOException _) {
      return true; // who receives learns why
    }
  }

  private void flush() {
    try {
      link.flush();
    } catch (IOException _) {
      // Who receives learns why.
    }
  }

  // Answers.

  private void answers() throws InterruptedException {
    try {
      while (true) {
        switch (link.receive()) {
          case ServerMessage.Pong _ -> allRead.countDown();
          case ServerMessage.Reply(var id, var result) ->
              answered(id, request -> new ServerMessage.Reply(request.caller(), result));
          case ServerMessage.Ok(var id, _) ->
              answered(
                  id,
                  request -> request.named() ? new ServerMessage.Ok(request.caller(), null) : null);
          case ServerMessage.Failure(var id, var error) -> failed(id, error);
          case ServerMessage _ -> {}
        }
      }
    } catch (CliException e) {
      lost = e;
      window.close();
      open.keySet().forEach(this::unanswered);
      window.awaitEmpty();
      end.complete(null);
    }
  }

  private interface Answer {
    @Nullable ServerMessage to(PipeSyntax.Request request);
  }

  private void answered(RequestId id, Answer answer) {
    var request = remove(id);
    if (request != null) {
      done(request, answer.to(request.request()));
    }
  }

  private void failed(@Nullable RequestId id, WireError error) {
    var request = id == null ? null : remove(id);
    if (request == null) {
      return;
    }
    long pause = Math.min(FIRST_PAUSE_MILLIS << Math.min(request.sent(), 10), LONGEST_PAUSE_MILLIS);
    if (error.code() == ErrorCode.OVERLOADED
        && error.executed() == Executed.NO
        && request.left() > pause) {
      again.schedule(() -> sendAgain(request), pause, TimeUnit.MILLISECONDS);
    } else {
      done(request, new ServerMessage.Failure(request.request().caller(), error));
    }
  }

  private @Nullable Open remove(RequestId id) {
    return id instanceof RequestId.Num(long order) ? open.remove(order) : null;
  }

  private void sendAgain(Open request) {
    send(request.again());
    flush();
  }

  /// The connection is lost, and with it the answer.
  private void unanswered(long order) {
    var request = open.remove(order);
    if (request != null) {
      var error =
          new WireError(
              ErrorCode.UNAVAILABLE,
              "the connection was lost before the answer came",
              Executed.MAYBE,
              Map.of());
      done(request, new ServerMessage.Failure(request.request().caller(), error));
    }
  }

  private void done(Open request, @Nullable ServerMessage answer) {
    done(request.order(), request.request().line(), request.size(), answer);
  }

  private void done(long order, long line, int size, @Nullable ServerMessage answer) {
    output.put(new PipeOutput.Done(order, line, size, answer));
  }
}
