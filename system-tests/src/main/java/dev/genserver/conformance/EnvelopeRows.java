package dev.genserver.conformance;

import static dev.genserver.conformance.Requests.call;
import static dev.genserver.conformance.Requests.ping;
import static dev.genserver.conformance.Row.row;

import dev.genserver.conformance.Trial.Skipped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Ids, names, and the type of each field.
final class EnvelopeRows {

  private static final String NOT_TEXT = "7, true, null, [], {}, 1.5";

  private EnvelopeRows() {}

  static List<Row> rows() {
    var rows =
        new ArrayList<>(
            List.of(
                row("ID-01", "whole numbers from 0 to 2^53-1 are ids", EnvelopeRows::numbers),
                row(
                    "ID-02",
                    "strings of up to 64 bytes are ids, and come back exactly",
                    EnvelopeRows::texts),
                row("ID-03", "nothing else is an id", EnvelopeRows::noIds),
                row(
                    "ID-04",
                    "the id of an open call is refused, and the open one goes on",
                    EnvelopeRows::idInUse),
                row(
                    "ID-05",
                    "an id may be used again once its call is answered",
                    EnvelopeRows::idUsedAgain),
                row(
                    "ID-06",
                    "the number 1 and the string \"1\" are two ids",
                    EnvelopeRows::numberAndText),
                row(
                    "ID-07",
                    "an error to a message whose id can be read carries it",
                    EnvelopeRows::errorsCarryIds),
                row(
                    "ID-08",
                    "an error to a message whose id cannot be read carries none",
                    EnvelopeRows::noIdToCarry),
                row("TO-01", "a name has 1 to 255 bytes", EnvelopeRows::nameLengths),
                row("TO-02", "a name has no control characters", EnvelopeRows::controlCharacters),
                row("TO-03", "what begins with < is a pid", EnvelopeRows::pids)));
    rows.addAll(types());
    return rows;
  }

  /// Each field of each op with values of the wrong type, and left out where it is required.
  private static List<Row> types() {
    return List.of(
        type("TYPE-01", "op", "{\"id\":1,\"op\":%s}", NOT_TEXT, true),
        type(
            "TYPE-02",
            "id",
            "{\"op\":\"hello\",\"id\":%s,\"versions\":[1]}",
            "-1, true, null, [], {}, 1.5",
            true),
        type(
            "TYPE-03",
            "versions",
            "{\"op\":\"hello\",\"id\":1,\"versions\":%s}",
            "1, \"1\", null, {}, [\"1\"], [1.5], [null]",
            true),
        type(
            "TYPE-04",
            "client",
            "{\"op\":\"hello\",\"id\":1,\"versions\":[1],\"client\":%s}",
            "1, \"x\", null, []",
            false),
        type(
            "TYPE-05",
            "client.name",
            "{\"op\":\"hello\",\"id\":1,\"versions\":[1],\"client\":{\"name\":%s}}",
            NOT_TEXT,
            false),
        type(
            "TYPE-06",
            "client.lang",
            "{\"op\":\"hello\",\"id\":1,\"versions\":[1],\"client\":{\"lang\":%s}}",
            NOT_TEXT,
            false),
        type(
            "TYPE-07",
            "client.version",
            "{\"op\":\"hello\",\"id\":1,\"versions\":[1],\"client\":{\"version\":%s}}",
            NOT_TEXT,
            false),
        type(
            "TYPE-08",
            "token",
            "{\"op\":\"hello\",\"id\":1,\"versions\":[1],\"token\":%s}",
            NOT_TEXT,
            false),
        type(
            "TYPE-09",
            "id",
            "{\"op\":\"call\",\"id\":%s,\"to\":\"x\",\"msg\":1}",
            "-1, true, null, [], {}, 1.5",
            true),
        type("TYPE-10", "to", "{\"op\":\"call\",\"id\":1,\"to\":%s,\"msg\":1}", NOT_TEXT, true),
        type("TYPE-11", "msg", "{\"op\":\"call\",\"id\":1,\"to\":\"x\",\"msg\":%s}", "", true),
        type(
            "TYPE-12",
            "timeout_ms",
            "{\"op\":\"call\",\"id\":1,\"to\":\"x\",\"msg\":1,\"timeout_ms\":%s}",
            "-1, 1.5, 1e3, \"5\", \"Infinity\", true, null, [], {}",
            false),
        type(
            "TYPE-13",
            "meta",
            "{\"op\":\"call\",\"id\":1,\"to\":\"x\",\"msg\":1,\"meta\":%s}",
            "1, \"x\", null, []",
            false),
        type(
            "TYPE-14",
            "meta.a",
            "{\"op\":\"call\",\"id\":1,\"to\":\"x\",\"msg\":1,\"meta\":{\"a\":%s}}",
            NOT_TEXT,
            false),
        type(
            "TYPE-15",
            "trace",
            "{\"op\":\"call\",\"id\":1,\"to\":\"x\",\"msg\":1,\"trace\":%s}",
            NOT_TEXT,
            false),
        type(
            "TYPE-16",
            "id",
            "{\"op\":\"cast\",\"id\":%s,\"to\":\"x\",\"msg\":1}",
            "-1, true, null, [], {}, 1.5",
            false),
        type("TYPE-17", "to", "{\"op\":\"cast\",\"id\":1,\"to\":%s,\"msg\":1}", NOT_TEXT, true),
        type("TYPE-18", "msg", "{\"op\":\"cast\",\"id\":1,\"to\":\"x\",\"msg\":%s}", "", true),
        type(
            "TYPE-19",
            "meta",
            "{\"op\":\"cast\",\"id\":1,\"to\":\"x\",\"msg\":1,\"meta\":%s}",
            "1, \"x\", null, []",
            false),
        type(
            "TYPE-20",
            "trace",
            "{\"op\":\"cast\",\"id\":1,\"to\":\"x\",\"msg\":1,\"trace\":%s}",
            NOT_TEXT,
            false),
        type("TYPE-21", "id", "{\"op\":\"cancel\",\"id\":%s}", "-1, true, null, [], {}, 1.5", true),
        type("TYPE-22", "id", "{\"op\":\"ping\",\"id\":%s}", "-1, true, null, [], {}, 1.5", false),
        type(
            "TYPE-23",
            "id",
            "{\"op\":\"monitor\",\"id\":%s,\"to\":\"x\"}",
            "-1, true, null, [], {}, 1.5",
            true),
        type("TYPE-24", "to", "{\"op\":\"monitor\",\"id\":1,\"to\":%s}", NOT_TEXT, true),
        type(
            "TYPE-25",
            "id",
            "{\"op\":\"demonitor\",\"id\":%s,\"ref\":\"m-1\"}",
            "-1, true, null, [], {}, 1.5",
            true),
        type("TYPE-26", "ref", "{\"op\":\"demonitor\",\"id\":1,\"ref\":%s}", NOT_TEXT, true));
  }

  private static Row type(
      String id, String field, String message, String wrongValues, boolean required) {
    var op = message.replaceAll(".*\"op\":\"?(%s|\\w+).*", "$1").replace("%s", "any message");
    return row(
        id,
        "%s of %s of another type is refused by name%s"
            .formatted(field, op, required ? ", and so is one that is missing" : ""),
        trial -> {
          var peer = trial.connect();
          for (var value : wrongValues.isEmpty() ? new String[0] : wrongValues.split(", ")) {
            demandRefused(peer, field, message.formatted(value));
          }
          if (required) {
            var last = field.substring(field.lastIndexOf('.') + 1);
            demandRefused(peer, field, message.replace("\"" + last + "\":%s", "\"other\":1"));
          }
          peer.demandQuiet();
        });
  }

  private static void demandRefused(Peer peer, String field, String message) throws IOException {
    var answer = peer.ask(message).error("bad_request", "no");
    answer.detail("field", "\"" + field + "\"").detail("wanted");
    answer.detail("got");
    if (message.contains("\"id\":1,") || message.contains("\"id\":1}")) {
      answer.id(1);
    }
  }

  private static void numbers(Trial trial) throws IOException {
    var peer = trial.connect();
    for (var id : List.of(0L, 1L, 4294967296L, 9007199254740991L)) {
      peer.ask(ping(id)).is("pong").id(id).fields("op", "id");
    }
  }

  private static void texts(Trial trial) throws IOException {
    var peer = trial.connect();
    for (var id : List.of("", "r-1", "x".repeat(64), "ü".repeat(32), "😀".repeat(16), " ")) {
      peer.ask(ping(id)).is("pong").id(id);
    }
    peer.ask("{\"op\":\"ping\",\"id\":\"\\u0000\\\"\\\\\\n\\ud83d\\ude00\"}")
        .is("pong")
        .id("\u0000\"\\\n😀");
    peer.ask("{\"op\":\"ping\",\"id\":\"%s\"}".formatted("\\u0041".repeat(64)))
        .is("pong")
        .id("A".repeat(64));
  }

  private static void noIds(Trial trial) throws IOException {
    var peer = trial.connect();
    for (var id :
        List.of(
            "-1",
            "9007199254740992",
            "99999999999999999999",
            "1.0",
            "1e2",
            "-0",
            "true",
            "null",
            "[]",
            "[1]",
            "{}",
            "\"" + "x".repeat(65) + "\"",
            "\"" + "ü".repeat(33) + "\"")) {
      peer.ask("{\"op\":\"ping\",\"id\":%s}".formatted(id))
          .error("bad_request", "no")
          .fields("op", "error")
          .detail("field", "\"id\"");
    }
    peer.demandQuiet();
  }

  private static void idInUse(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.send(probe.call(1, "\"hold\""));
    probe.awaitHeld();
    for (var request :
        List.of(
            probe.call(1, "\"get\""),
            probe.confirmedCast(1, Probe.note("no")),
            Requests.monitor(1, probe.name()),
            Requests.demonitor(1, "m-1"))) {
      peer.ask(request).error(1, "bad_request", "no").detail("duplicate_id", "true");
    }
    probe.release();
    peer.receive().result(1, "\"held\"");
    peer.demandQuiet();
    Demand.demandEqual(probe.log().toString(), "[\"held, waiting true\"]", "the log");
  }

  private static void idUsedAgain(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    for (var i = 0; i < 100; i++) {
      peer.ask(probe.call("same", Probe.echo(String.valueOf(i)))).result("same", String.valueOf(i));
    }
  }

  private static void numberAndText(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.send(probe.call(1, "\"hold\""));
    probe.awaitHeld();
    peer.send(probe.call("1", Probe.echo("\"text\"")));
    probe.release();
    peer.receive().result(1, "\"held\"");
    peer.receive().result("1", "\"text\"");
  }

  private static void errorsCarryIds(Trial trial) throws IOException {
    var peer = trial.connect();
    for (var message :
        List.of(
            "{\"op\":\"call\",\"id\":\"i\"}",
            "{\"id\":\"i\",\"op\":9}",
            "{\"id\":\"i\"}",
            "{\"op\":\"call\",\"to\":\"\",\"msg\":1,\"id\":\"i\"}",
            "{\"id\":\"i\",\"op\":\"call\",\"to\":")) {
      peer.ask(message).error("i", "bad_request", "no");
    }
    peer.ask(call("i", "nobody", "1")).error("i", "noproc", "no");
    peer.ask("{\"op\":\"?\",\"id\":\"i\"}").error("i", "unknown_op", "no");
  }

  private static void noIdToCarry(Trial trial) throws IOException {
    var peer = trial.connect();
    for (var message :
        List.of("{\"op\":\"cast\"}", "{\"op\":\"call\",\"id\":{}}", "{}", "{,", "[1]")) {
      peer.ask(message).error("bad_request", "no").fields("op", "error");
    }
  }

  private static void nameLengths(Trial trial) throws IOException {
    var peer = trial.connect();
    for (var name : List.of("x", "x".repeat(255), "ü".repeat(127), "name with spaces / and ?")) {
      peer.ask(call(1, name, "1")).error(1, "noproc", "no");
    }
    for (var name : List.of("", "x".repeat(256), "ü".repeat(128))) {
      demandRefused(peer, "to", call(1, name, "1"));
    }
  }

  private static void controlCharacters(Trial trial) throws IOException {
    var peer = trial.connect();
    for (var name : List.of("\\u0000", "a\\nb", "\\t", "\\u007f", "\\u0085")) {
      demandRefused(peer, "to", call(1, name, "1"));
    }
  }

  private static void pids(Trial trial) throws IOException, Skipped {
    var peer = trial.connect();
    for (var to : List.of("<", "<x>", "<1>", "<1.2", "<1.2>x", "<1.-2>", "<1.2.3>")) {
      demandRefused(peer, "to", call(1, to, "1"));
    }
    peer.ask(call(1, "<1.999999999>", "1")).error(1, "noproc", "no");
    var probe = trial.probe();
    peer.ask(call(2, probe.pid(), Probe.echo("3"))).result(2, "3");
  }
}
