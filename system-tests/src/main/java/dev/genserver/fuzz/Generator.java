package dev.genserver.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.genserver.fuzz.Plan.End;
import dev.genserver.fuzz.Plan.Expected;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Makes plans. The same seed and length make the same plan.
final class Generator {

  /// How many probes there are to call: `fuzz.0` and so on.
  static final int PROBES = 4;

  private static final String[] ODD_TEXTS = {
    "", "ü", "日本語", "😀", "\\u0000", "\\ud83d\\ude00", "\\\"", "\\\\", "a\\/b", "\u2028", "\u007f"
  };

  private static final byte[][] FOREIGN = {
    "GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8),
    {0x16, 3, 1, 0, 5, 1, 0, 0, 1, 3},
    "ssh".getBytes(UTF_8)
  };

  private final SplittableRandom random;
  private final int maxFrame;

  Generator(long seed, int maxFrame) {
    this.random = new SplittableRandom(seed);
    this.maxFrame = maxFrame;
  }

  /// @param longest how many frames at most
  Plan plan(int longest) {
    if (random.nextInt(50) == 0) {
      return strangeBeginning();
    }
    var plan = new Plan(random.nextInt(5) == 0);
    for (var left = 1 + random.nextInt(longest); left > 0; left--) {
      if (random.nextInt(8) == 0) {
        addBroken(plan);
      } else {
        addValid(plan);
      }
    }
    addEnd(plan);
    return plan;
  }

  /// A first byte that is none of the protocol's.
  private Plan strangeBeginning() {
    var plan = new Plan(false);
    if (random.nextBoolean()) {
      plan.addEnd(FOREIGN[random.nextInt(FOREIGN.length)], End.FOREIGN);
    } else {
      var first = 1 + random.nextInt(0x15);
      plan.addEnd(new byte[] {(byte) first, 0, 0, 2}, End.GOODBYE);
    }
    return plan;
  }

  // What is understood.

  private void addValid(Plan plan) {
    var id = "\"v" + plan.nextId() + "\"";
    switch (random.nextInt(16)) {
      case 0, 1, 2, 3 -> plan.add("{\"op\":\"ping\",\"id\":%s}".replace("%s", id), Expected.PONG);
      case 4, 5, 6, 7 -> plan.add(call(id, echo()), Expected.CALL);
      case 8 ->
          plan.add(
              call(id, "{\"type\":\"text\",\"length\":" + random.nextInt(2000) + "}"),
              Expected.CALL);
      case 9 -> plan.add(call(id, "\"defer\",\"timeout_ms\":" + random.nextInt(30)), Expected.CALL);
      case 10 -> plan.add(request("call", id, "nobody", "1"), Expected.ERROR);
      case 11 ->
          plan.add(
              "{\"op\":\"cast\",\"to\":\"fuzz.%d\",\"msg\":{\"type\":\"count\",\"by\":1}}"
                  .replace("%d", probe()));
      case 12 ->
          plan.add(
              request("cast", id, "fuzz." + probe(), "{\"type\":\"answer\",\"value\":1}"),
              Expected.OK_OR_ERROR);
      case 13 ->
          plan.add("{\"op\":\"cancel\",\"id\":\"v" + random.nextInt(plan.nextId() + 1) + "\"}");
      case 14 -> {
        if (random.nextBoolean()) {
          plan.addMonitor("{\"op\":\"monitor\",\"id\":" + id + ",\"to\":\"nobody\"}");
        } else {
          plan.add(
              "{\"op\":\"demonitor\",\"id\":" + id + ",\"ref\":\"m-" + random.nextInt(9) + "\"}",
              Expected.OK);
        }
      }
      default -> addRare(plan, id);
    }
  }

  private void addRare(Plan plan, String id) {
    switch (random.nextInt(6)) {
      case 0 -> plan.add("{\"op\":\"hello\",\"id\":" + id + ",\"versions\":[1]}", Expected.WELCOME);
      case 1 -> plan.add("{\"id\":" + id + ",\"op\":\"" + odd() + "x\"}", Expected.ERROR);
      case 2 -> plan.addAnsweredSomehow("{\"op\":\"ping\"}".getBytes(UTF_8));
      case 3 -> plan.add(call(id, "{\"type\":\"" + odd() + "\"}"), Expected.CALL);
      case 4 ->
          plan.add(call(id, "{\"type\":\"echo\",\"value\":" + nested(40) + "}"), Expected.CALL);
      default ->
          plan.add(call(id, "{\"type\":\"echo\",\"value\":" + hugeInteger() + "}"), Expected.CALL);
    }
  }

  private String call(String id, String msg) {
    return request("call", id, "fuzz." + probe(), msg);
  }

  private static String request(String op, String id, String to, String msg) {
    return "{\"op\":\"" + op + "\",\"id\":" + id + ",\"to\":\"" + to + "\",\"msg\":" + msg + "}";
  }

  private String probe() {
    return String.valueOf(random.nextInt(PROBES));
  }

  private String echo() {
    return "{\"type\":\"echo\",\"value\":[" + random.nextInt() + ",\"" + odd() + "\"]}";
  }

  private String odd() {
    return ODD_TEXTS[random.nextInt(ODD_TEXTS.length)];
  }

  private String hugeInteger() {
    return "-" + "9876543210".repeat(1 + random.nextInt(40));
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  // What is not, but does no harm.

  private void addBroken(Plan plan) {
    var id = "\"v" + plan.nextId() + "\"";
    var begun = "{\"id\":" + id + ",\"op\":\"call\",\"to\":\"fuzz.0\",\"msg\":";
    switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> plan.addAnsweredSomehow(flipped(plan.lines()));
      case 4 -> plan.addRefused(cut(begun + echo() + "}", begun.length()));
      case 5 -> plan.addRefused((begun + nested(64 + random.nextInt(2000)) + "}").getBytes(UTF_8));
      case 6 -> plan.addRefused((begun + "1,\"\\u006dsg\":2}").getBytes(UTF_8));
      case 7 -> plan.addRefused((begun + "{\"a\":1,\"a\":1}}").getBytes(UTF_8));
      case 8 -> plan.addRefused(withInvalidUtf8(begun));
      default -> plan.addRefused((begun + "1} {").getBytes(UTF_8));
    }
  }

  /// A ping in which some bytes are others, but not those of its id: whatever it means now, it gets
  /// one answer.
  private byte[] flipped(boolean line) {
    var content =
        ("{\"x\":[" + random.nextInt() + ",\"" + odd() + "\"],\"op\":\"ping\",\"id\":\"m\"}")
            .getBytes(UTF_8);
    var idAt = content.length - 3;
    for (var flips = 1 + random.nextInt(3); flips > 0; flips--) {
      // Line mode is told by its first byte, and a line feed would make two of one.
      var at = 1 + random.nextInt(content.length - 1);
      var other = (byte) random.nextInt(256);
      if (at != idAt && !(line && (other == '\n' || other == '\r'))) {
        content[at] = other;
      }
    }
    return content;
  }

  private byte[] cut(String json, int least) {
    var bytes = json.getBytes(UTF_8);
    return Arrays.copyOf(bytes, least + random.nextInt(bytes.length - least));
  }

  private byte[] withInvalidUtf8(String begun) {
    var content = (begun + "\"??\"}").getBytes(UTF_8);
    content[begun.length() + 1] = (byte) (0xc0 + random.nextInt(0x40));
    return content;
  }

  // The end.

  private void addEnd(Plan plan) {
    switch (random.nextInt(12)) {
      case 0 -> plan.end(End.RESET);
      case 1 -> plan.addEnd(tooLong(plan), End.GOODBYE);
      case 2 -> {
        if (!plan.lines()) {
          plan.addEnd(new byte[] {0, 0, 0, (byte) random.nextInt(2)}, End.GOODBYE);
        }
      }
      case 3 -> {
        if (!plan.lines()) {
          plan.addEnd(partOfAFrame(), End.GOODBYE);
        }
      }
      case 4 -> {
        if (!plan.lines()) {
          addLiesLow(plan);
        }
      }
      case 5 -> {
        if (!plan.lines()) {
          addLiesHigh(plan);
        }
      }
      default -> plan.end(End.ALL_ANSWERED);
    }
  }

  private byte[] tooLong(Plan plan) {
    if (!plan.lines()) {
      var length = random.nextBoolean() ? random.nextInt() | 0x4000_0000 : maxFrame + 1;
      return new Bytes().addLength(length).copy();
    }
    var line = new byte[maxFrame + 2];
    Arrays.fill(line, (byte) '{');
    return line;
  }

  private byte[] partOfAFrame() {
    var whole = frame("{\"op\":\"ping\"}", 0);
    return Arrays.copyOf(whole, 1 + random.nextInt(whole.length - 1));
  }

  /// What the length leaves out is no length: the text of a message.
  private void addLiesLow(Plan plan) {
    plan.addAnsweredSomehow(new byte[] {'{', '"', 'o'});
    plan.addEnd("p\":\"ping\"}".getBytes(UTF_8), End.GOODBYE);
  }

  /// The length takes in the next one, and a part of its message.
  private void addLiesHigh(Plan plan) {
    var more = 4 + 1 + random.nextInt(4);
    plan.addAnsweredWithin(frame("{\"op\":\"ping\"}", more));
    plan.addEnd(frame("{\"op\":\"ping\",\"id\":\"m\"}", 0), End.GOODBYE);
  }

  /// @param lie how much too high its length is
  private static byte[] frame(String json, int lie) {
    var content = json.getBytes(UTF_8);
    return new Bytes().addLength(content.length + lie).add(content).copy();
  }
}
