package dev.genserver.cli;

import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// Writes what became of the lines, as it comes or in the order of the lines. A thread of its own
/// does that, so that a slow reader of the output does not keep answers from being received.
final class PipeOutput {

  private static final int ENOUGH = 32 * 1024;

  /// @param order counts the requests, from 0
  /// @param line the number of the line
  /// @param size what the request has taken of the window
  /// @param answer null if there is nothing to say
  record Done(long order, long line, int size, @Nullable ServerMessage answer) {

    @Nullable WireError error() {
      return answer instanceof ServerMessage.Failure failure ? failure.error() : null;
    }
  }

  /// The first line that failed.
  record Failure(long line, WireError error) {}

  private final Shell shell;
  private final boolean ordered;
  private final Window window;
  private final BlockingQueue<Done> queue = new LinkedBlockingQueue<>();
  private final Map<Long, Done> ahead = new HashMap<>();
  private final JsonWriter text = new JsonWriter(2 * ENOUGH);
  private int unflushed;
  private long unflushedBytes;
  private long next;
  private long failed;
  private @Nullable Failure first;

  /// @param window is left by what is written
  PipeOutput(Shell shell, boolean ordered, Window window) {
    this.shell = shell;
    this.ordered = ordered;
    this.window = window;
  }

  /// Has it written. The queue is no longer than the window is wide.
  void put(Done done) {
    queue.add(done);
  }

  /// How many lines have failed; once the window is empty.
  long failed() {
    return failed;
  }

  /// The first of them.
  @Nullable Failure firstFailure() {
    return first;
  }

  /// Writes for ever.
  ///
  /// @throws CliException without a word if the output cannot be written: most likely its reader
  ///   has seen enough
  void run() throws InterruptedException {
    while (true) {
      var done = queue.poll();
      if (done == null) {
        flush();
        done = queue.take();
      }
      if (!ordered) {
        write(done);
      } else {
        ahead.put(done.order(), done);
        for (Done due; (due = ahead.remove(next)) != null; next++) {
          write(due);
        }
      }
    }
  }

  private void write(Done done) {
    var error = done.error();
    if (error != null) {
      failed++;
      if (first == null) {
        first = new Failure(done.line(), error);
      }
    }
    if (done.answer() != null) {
      int start = text.length();
      done.answer().writeTo(text);
      text.endLine(start);
    }
    unflushed++;
    unflushedBytes += done.size();
    if (text.length() >= ENOUGH) {
      flush();
    }
  }

  /// Only what is written has left the window, so that an empty window means that all is.
  private void flush() {
    if (text.length() > 0) {
      try {
        shell.write(text.array(), text.length());
      } catch (CliException e) {
        throw new CliException(e.exitCode(), "", e);
      }
      text.reset();
    }
    if (unflushed > 0) {
      window.leave(unflushed, unflushedBytes);
      unflushed = 0;
      unflushedBytes = 0;
    }
  }
}
