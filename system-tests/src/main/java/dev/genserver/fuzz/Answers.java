package dev.genserver.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.genserver.fuzz.Plan.End;
import dev.genserver.fuzz.Plan.Expected;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.BitSet;

/// What comes back over one connection, held against its [Plan]. Not thread-safe.
final class Answers {

  private static final String OP = "{\"op\":\"";
  private static final String ID = "\",\"id\":\"v";

  private final Plan plan;
  private final BitSet answered = new BitSet();
  private int withoutId;
  private int downs;
  private boolean goodbye;

  Answers(Plan plan) {
    this.plan = plan;
  }

  /// Reads until the daemon closes.
  ///
  /// @throws AssertionError if something comes that should not
  void readAll(InputStream in) throws IOException {
    if (plan.end() == End.FOREIGN) {
      var text = new String(in.readAllBytes(), UTF_8);
      demand(text.contains("genserverd"), "told in words what is spoken: '" + text + "'");
    } else if (plan.lines()) {
      readLines(in);
    } else {
      readFrames(new DataInputStream(in));
    }
  }

  private void readFrames(DataInputStream in) throws IOException {
    try {
      while (true) {
        var length = in.readInt();
        demand(length >= 2 && length < 1 << 24, "a frame of a sane length, not " + length);
        var content = new byte[length];
        in.readFully(content);
        accept(new String(content, UTF_8));
      }
    } catch (EOFException _) {
      // The daemon has closed.
    }
  }

  private void readLines(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b; (b = in.read()) >= 0; ) {
      if (b == '\n') {
        accept(line.toString(UTF_8));
        line.reset();
      } else {
        line.write(b);
      }
    }
    demand(line.size() == 0, "a whole last line");
  }

  /// Takes one message. It looks for the op and the id where the daemon writes them: a parser would
  /// take longer than the daemon itself.
  private void accept(String message) {
    demand(message.startsWith(OP), "a message: " + message);
    var opEnd = message.indexOf('"', OP.length());
    var op = message.substring(OP.length(), opEnd);
    switch (op) {
      case "ping" -> {} // asks a half-closed connection for a sign of life
      case "down" -> downs++;
      case "goodbye" -> {
        // Replies may follow it; a second one may not.
        demand(!goodbye, "one goodbye: " + message);
        goodbye = true;
      }
      default -> {
        if (message.startsWith(ID, opEnd)) {
          accept(op, number(message, opEnd + ID.length()), message);
        } else {
          withoutId++;
        }
      }
    }
  }

  private static int number(String message, int from) {
    var to = message.indexOf('"', from);
    return Integer.parseInt(message, from, to, 10);
  }

  private void accept(String op, int id, String message) {
    demand(id < plan.expected().size(), "an id that was sent: " + message);
    demand(!answered.get(id), "one answer, not a second one: " + message);
    answered.set(id);
    demand(fits(op, plan.expected().get(id)), plan.expected().get(id) + ": " + message);
  }

  private static boolean fits(String op, Expected expected) {
    return switch (expected) {
      case PONG -> op.equals("pong");
      case WELCOME -> op.equals("welcome");
      case OK -> op.equals("ok");
      case ERROR -> op.equals("error");
      case OK_OR_ERROR -> op.equals("ok") || op.equals("error");
      case CALL -> op.equals("reply") || op.equals("error");
    };
  }

  /// Holds what has come against what must have, when all has.
  ///
  /// @throws AssertionError if something is missing
  void demandAll() {
    demand(downs <= plan.monitors(), "at most %d down, not %d".formatted(plan.monitors(), downs));
    if (plan.end() == End.RESET || plan.end() == End.FOREIGN) {
      demand(withoutId <= plan.withoutId(), "at most " + plan.withoutId() + " answers without id");
      return;
    }
    demand(goodbye == (plan.end() == End.GOODBYE), plan.end() + ", but goodbye is " + goodbye);
    for (var id = answered.nextClearBit(0);
        id < plan.expected().size();
        id = answered.nextClearBit(id + 1)) {
      demand(
          plan.end() == End.GOODBYE && plan.expected().get(id) == Expected.CALL,
          "an answer to v%d, which should be %s".formatted(id, plan.expected().get(id)));
    }
    demand(
        withoutId == plan.withoutId(),
        "%d answers without an id of the plan, not %d".formatted(plan.withoutId(), withoutId));
  }

  private static void demand(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(
          "expected was " + (what.length() > 500 ? what.substring(0, 500) + "…" : what));
    }
  }
}
