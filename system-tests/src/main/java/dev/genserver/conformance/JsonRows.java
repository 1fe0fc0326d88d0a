package dev.genserver.conformance;

import static dev.genserver.conformance.Row.row;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.genserver.conformance.Trial.Skipped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// What JSON is, strictly.
final class JsonRows {

  private JsonRows() {}

  static List<Row> rows() {
    return List.of(
        row(
            "JSON-01",
            "a byte order mark is refused",
            trial -> refused(trial, bytes("efbbbf", "{\"op\":\"ping\"}"))),
        row("JSON-02", "what is no UTF-8 is refused", JsonRows::invalidUtf8),
        row("JSON-03", "an escaped half of a surrogate pair is refused", JsonRows::halfSurrogates),
        row("JSON-04", "nesting of 64 is taken", trial -> taken(trial, nested(64))),
        row("JSON-05", "nesting of 65 is refused, of arrays and of objects", JsonRows::tooDeep),
        row("JSON-06", "a key that stands twice is refused, wherever", JsonRows::duplicateKeys),
        row(
            "JSON-07",
            "a key that stands twice is refused however it is escaped",
            JsonRows::escapedDuplicateKeys),
        row("JSON-08", "integers of all sizes stay exact", JsonRows::bigIntegers),
        row(
            "JSON-09",
            "an integer that the type cannot hold is refused",
            JsonRows::integerOutOfRange),
        row("JSON-10", "nothing follows the object", JsonRows::trailing),
        row("JSON-11", "what RFC 8259 does not allow is refused", JsonRows::notStrict),
        row(
            "JSON-12",
            "white space of JSON may stand anywhere between tokens",
            JsonRows::whiteSpace),
        row("JSON-13", "only an object is a message", JsonRows::otherThanObjects),
        row("JSON-14", "text of all planes is taken and given back", JsonRows::unicode),
        row("JSON-15", "unknown fields of an envelope are ignored", JsonRows::unknownFields),
        row(
            "JSON-16",
            "an unknown op is unknown_op and the connection lives on",
            JsonRows::unknownOp),
        row(
            "JSON-17",
            "keys of an envelope may be escaped",
            trial -> taken(trial, "{\"\\u006fp\":\"p\\u0069ng\",\"id\":1}")));
  }

  private static void refused(Trial trial, byte[]... contents) throws IOException {
    var peer = trial.connect();
    for (var content : contents) {
      try {
        peer.bytes(Peer.frame(content)).receive().error("bad_request", "no");
      } catch (AssertionError e) {
        throw new AssertionError("of " + new String(content, UTF_8) + ": " + e.getMessage(), e);
      }
    }
    peer.demandQuiet();
  }

  private static void refused(Trial trial, String... contents) throws IOException {
    refused(
        trial, List.of(contents).stream().map(text -> text.getBytes(UTF_8)).toArray(byte[][]::new));
  }

  private static void taken(Trial trial, String... pings) throws IOException {
    var peer = trial.connect();
    for (var ping : pings) {
      peer.ask(ping).is("pong").id(1);
    }
  }

  /// A ping with a field besides.
  private static String ping(String value) {
    return "{\"op\":\"ping\",\"id\":1,\"x\":%s}".formatted(value);
  }

  private static byte[] bytes(String hex, String then) {
    var all = new ByteArrayOutputStream();
    all.writeBytes(HexFormat.of().parseHex(hex));
    all.writeBytes(then.getBytes(UTF_8));
    return all.toByteArray();
  }

  /// A ping with these bytes in a string, in place of `??`.
  private static byte[] withBytes(String hex) {
    var all = new ByteArrayOutputStream();
    all.writeBytes("{\"op\":\"ping\",\"id\":1,\"x\":\"".getBytes(UTF_8));
    all.writeBytes(bytes(hex, "\"}"));
    return all.toByteArray();
  }

  private static void invalidUtf8(Trial trial) throws IOException {
    // Overlong, encoded surrogates, beyond the last plane, bytes that never occur, cut short.
    refused(
        trial,
        List.of(
                "c080",
                "c0af",
                "e08080",
                "f0808080",
                "eda080",
                "edbfbf",
                "f4908080",
                "f5808080",
                "ff",
                "fe",
                "80",
                "bf",
                "c3",
                "e282",
                "f09f98",
                "c328")
            .stream()
            .map(JsonRows::withBytes)
            .toArray(byte[][]::new));
  }

  private static void halfSurrogates(Trial trial) throws IOException {
    refused(
        trial,
        ping("\"\\ud800\""),
        ping("\"\\udc00\""),
        ping("\"\\ud800\\ud800\""),
        ping("\"\\ud800x\""),
        ping("{\"\\udfff\":1}"));
    taken(trial, ping("\"\\ud83d\\ude00\""));
  }

  private static String nested(int depth) {
    return ping("[".repeat(depth - 1) + "]".repeat(depth - 1));
  }

  private static void tooDeep(Trial trial) throws IOException {
    refused(
        trial,
        nested(65),
        nested(5_000),
        ping("{\"a\":".repeat(64) + "1" + "}".repeat(64)),
        ping("[".repeat(100_000)));
  }

  private static void duplicateKeys(Trial trial) throws IOException {
    refused(
        trial,
        "{\"op\":\"ping\",\"op\":\"ping\",\"id\":1}",
        "{\"op\":\"ping\",\"id\":1,\"id\":1}",
        "{\"op\":\"ping\",\"x\":1,\"x\":1}",
        ping("{\"a\":1,\"a\":1}"),
        ping("[{\"b\":[{\"a\":1,\"c\":2,\"a\":3}]}]"));
    taken(trial, ping("[{\"a\":{\"a\":1}},{\"a\":1}]"));
  }

  private static void escapedDuplicateKeys(Trial trial) throws IOException {
    refused(
        trial,
        "{\"op\":\"ping\",\"\\u006fp\":\"ping\"}",
        ping("{\"a\":1,\"\\u0061\":1}"),
        ping("{\"/\":1,\"\\/\":1}"),
        ping("{\"\\u00e9\":1,\"é\":1}"),
        ping("{\"\\ud83d\\ude00\":1,\"😀\":1}"));
  }

  private static void bigIntegers(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    var integers =
        new ArrayList<>(
            List.of(
                "0",
                "9007199254740993",
                "9223372036854775807",
                "-9223372036854775808",
                "9223372036854775808",
                "18446744073709551615",
                "-18446744073709551617"));
    integers.add("123456789".repeat(60));
    for (var integer : integers) {
      peer.ask(probe.call(1, Probe.echo(integer))).result(1, integer);
      peer.ask(probe.call(2, Probe.echo("{\"in\":[" + integer + "]}")))
          .result(2, "{\"in\":[" + integer + "]}");
    }
  }

  private static void integerOutOfRange(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    for (var integer : List.of("9223372036854775808", "-9223372036854775809", "1e30")) {
      peer.ask(probe.call(1, "{\"type\":\"count\",\"by\":%s}".formatted(integer)))
          .error(1, "bad_message", "no");
    }
    peer.ask(probe.call(2, "{\"type\":\"text\",\"length\":2147483648}"))
        .error(2, "bad_message", "no");
  }

  private static void trailing(Trial trial) throws IOException {
    refused(trial, ping("1") + "x", ping("1") + "{}", ping("1") + ",", ping("1") + "\u0000");
  }

  private static void notStrict(Trial trial) throws IOException {
    refused(
        trial,
        List.of(
                "'a'",
                "NaN",
                "Infinity",
                "-",
                "+1",
                "01",
                "-01",
                ".5",
                "1.",
                "1e",
                "1e+",
                "0x10",
                "tru",
                "TRUE",
                "nulll",
                "[1,]",
                "[,1]",
                "[1 2]",
                "{\"a\":1,}",
                "{a:1}",
                "{\"a\"}",
                "{\"a\" 1}",
                "{,}",
                "[",
                "{",
                "\"",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"a\tb\"",
                "\"a\nb\"",
                "\"a\u0000b\"",
                "1/*c*/",
                "1//c",
                "")
            .stream()
            .map(JsonRows::ping)
            .toArray(String[]::new));
    refused(trial, "{'op':'ping'}", "{op:\"ping\"}", "  ", "//");
  }

  private static void whiteSpace(Trial trial) throws IOException {
    taken(trial, " \t\r\n{ \"op\" :\t\"ping\"\r\n,\n\"id\" : 1 , \"x\" : [ 1 , { } ] } \n");
    refused(trial, ping("1\f"), ping("\u00a01"), "\u2028" + ping("1"));
  }

  private static void otherThanObjects(Trial trial) throws IOException {
    refused(trial, "[]", "[{\"op\":\"ping\",\"id\":1}]", "\"ping\"", "12", "null", "true");
  }

  private static void unicode(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    for (var text :
        List.of(
            "äöü ß", "日本語", "😀 👩‍👩‍👧", "\u007f\u0080\u2028\uffff", "\\u0000\\u001f\\b\\f\\/")) {
      var json = "\"" + text + "\"";
      peer.ask(probe.call(1, Probe.echo(json))).result(1, json);
    }
  }

  private static void unknownFields(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    var more = "\"priority\":{\"a\":[1]},\"Op\":\"x\",\"\":null";
    peer.ask(Requests.with(Requests.hello(1), more)).is("welcome").id(1);
    peer.ask(Requests.with(probe.call(2, Probe.echo("5")), more)).result(2, "5");
    peer.ask(Requests.with(probe.confirmedCast(3, Probe.note("a")), more)).is("ok").id(3);
    peer.ask(Requests.with(Requests.ping(4), more)).is("pong").id(4);
    var monitored = peer.ask(Requests.with(Requests.monitor(5, probe.name()), more)).is("ok");
    var ref = monitored.json().path("result").path("ref").asString();
    peer.ask(Requests.with(Requests.demonitor(6, ref), more)).is("ok").id(6);
    peer.send(Requests.with(Requests.cancel(7), more)).demandQuiet();
  }

  private static void unknownOp(Trial trial) throws IOException {
    var peer = trial.connect();
    for (var op : List.of("shout", "", "CALL", "welcome", "x".repeat(10_000))) {
      var answer = peer.ask("{\"op\":\"%s\",\"id\":3}".formatted(op));
      answer.error(3, "unknown_op", "no").detail("op");
      answer.detail("known");
    }
    peer.ask("{\"op\":\"shout\"}").error("unknown_op", "no").fields("op", "error");
    peer.demandQuiet();
  }
}
