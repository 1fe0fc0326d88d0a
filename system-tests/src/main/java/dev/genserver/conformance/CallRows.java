package dev.genserver.conformance;

import static dev.genserver.conformance.Demand.demand;
import static dev.genserver.conformance.Demand.demandEqual;
import static dev.genserver.conformance.Requests.call;
import static dev.genserver.conformance.Row.row;

import dev.genserver.conformance.Trial.Skipped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// `call` and its one answer.
final class CallRows {

  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private CallRows() {}

  static List<Row> rows() {
    return List.of(
        row(
            "CALL-01",
            "a call is answered with its id and the result, and nothing else",
            CallRows::reply),
        row("CALL-02", "a string is short for a message without fields", CallRows::shorthand),
        row(
            "CALL-03",
            "requests need not wait for answers, which come in any order",
            CallRows::anyOrder),
        row(
            "CALL-04",
            "requests of one connection to one process keep their order",
            CallRows::order),
        row("CALL-05", "meta and trace reach the process as they are", CallRows::context),
        row("CALL-06", "every pipelined call gets exactly one answer", CallRows::exactlyOne),
        row(
            "CALL-07",
            "so it does while its process is restarted again and again",
            CallRows::restarting),
        row(
            "CALL-08",
            "what the process does not take is bad_message and lists what it does",
            CallRows::badMessage),
        row(
            "CALL-09",
            "nothing is guessed: fields unknown, missing or null are refused",
            CallRows::nothingIsGuessed),
        row(
            "CALL-10",
            "a name that nobody has is noproc at once, and a near one is told",
            CallRows::noproc),
        row("CALL-11", "a pid is one life of a process", CallRows::pidIsOneLife),
        row("CALL-12", "a result may be any JSON, null too", CallRows::anyResult),
        row("CALL-13", "a reply longer than a frame is result_too_large", CallRows::resultTooLarge),
        row("CALL-14", "a reply of exactly what fits is sent", CallRows::resultThatFits)
            .on(Setup.TIGHT),
        row("CALL-15", "a reply that is no JSON is internal, executed yes", CallRows::internal));
  }

  private static void reply(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.ask(probe.call(7, Probe.count(3))).result(7, "3");
    peer.ask(probe.call("x", Probe.count(4))).result("x", "7");
    peer.demandQuiet();
  }

  private static void shorthand(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.ask(probe.call(1, "\"get\"")).result(1, "0");
    peer.ask(probe.call(2, "{\"type\":\"get\"}")).result(2, "0");
    peer.ask(probe.call(3, "\"note\"")).error(3, "bad_message", "no");
  }

  private static void anyOrder(Trial trial) throws IOException, Skipped {
    var slow = trial.probe();
    var fast = trial.probe();
    var peer = trial.connect();
    peer.sendTogether(List.of(slow.call(1, "\"hold\""), fast.call(2, Probe.echo("2"))));
    peer.receive().result(2, "2");
    slow.release();
    peer.receive().result(1, "\"held\"");
  }

  private static void order(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    var requests = new ArrayList<String>();
    var expected = new ArrayList<String>();
    for (var i = 0; i < 900; i += 3) {
      requests.add(probe.cast(Probe.note("n" + i)));
      requests.add(probe.call(i, Probe.note("n" + (i + 1))));
      requests.add(probe.confirmedCast("c" + i, Probe.note("n" + (i + 2))));
      expected.addAll(List.of("n" + i, "n" + (i + 1), "n" + (i + 2)));
    }
    peer.sendTogether(requests);
    for (var i = 0; i < 600; i++) {
      demand(!peer.receive().op().equals("error"), "a request failed");
    }
    demandEqual(probe.log(), Answer.JSON.valueToTree(expected), "the log");
  }

  private static void context(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    var more =
        "\"meta\":{\"user\":\"ann\",\"\":\"ü\",\"type\":\"x\"},\"trace\":\"%s\"".formatted(TRACE);
    var context = peer.ask(probe.call(1, "\"context\"", more)).result(1);
    demandEqual(context.path("trace").asString(), TRACE, context);
    demandEqual(
        context.path("meta"),
        Answer.JSON.readTree("{\"user\":\"ann\",\"\":\"ü\",\"type\":\"x\"}"),
        context);
    var without = peer.ask(probe.call(2, "\"context\"", "\"trace\":\"unchecked\"")).result(2);
    demandEqual(without.path("trace").asString(), "unchecked", without);
    demandEqual(without.path("meta"), "{}", without);
  }

  private static void exactlyOne(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    var calls = new ArrayList<String>();
    for (var id = 0; id < 1000; id++) {
      calls.add(id % 3 == 0 ? call(id, "nobody", "1") : probe.call(id, Probe.echo("" + id)));
    }
    peer.sendTogether(calls);
    var answered = new HashSet<Integer>();
    for (var i = 0; i < calls.size(); i++) {
      var answer = peer.receive();
      var id = answer.json().path("id").asInt();
      demand(answered.add(id), "a second answer: %s", answer);
      if (id % 3 == 0) {
        answer.error(id, "noproc", "no");
      } else {
        answer.result(id, "" + id);
      }
    }
    peer.demandQuiet();
  }

  private static void restarting(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    for (var burst = 0; burst < 20; burst++) {
      var calls = new ArrayList<String>();
      for (var id = 0; id < 100; id++) {
        calls.add(probe.call(id, id % 10 == 5 ? Probe.crash("boom") : Probe.echo("" + id)));
      }
      peer.sendTogether(calls);
      var answered = new HashSet<Integer>();
      for (var i = 0; i < calls.size(); i++) {
        var answer = peer.receive();
        var id = answer.json().path("id").asInt();
        demand(answered.add(id), "a second answer: %s", answer);
        demandReplyOrEnd(answer, id);
      }
    }
    peer.demandQuiet();
  }

  /// Between a crash and the restart nobody has the name.
  private static void demandReplyOrEnd(Answer answer, int id) {
    var code = answer.json().path("error").path("code").asString("");
    if (code.equals("noproc")) {
      answer.error(id, "noproc", "no");
    } else if (code.equals("exit")) {
      demand(
          id % 10 != 5 || executed(answer).equals("no") || executed(answer).equals("maybe"),
          "%s",
          answer);
    } else {
      demand(id % 10 != 5, "a crash was replied to: %s", answer);
      answer.result(id, "" + id);
    }
  }

  private static String executed(Answer answer) {
    return answer.json().path("error").path("executed").asString("");
  }

  private static void badMessage(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    var answer = peer.ask(probe.call(1, "{\"type\":\"ech\",\"value\":1}"));
    answer.error(1, "bad_message", "no").detail("did_you_mean", "\"echo\"");
    demand(answer.detail("types").toString().contains("echo"), "types are missing: %s", answer);
    for (var msg : List.of("1", "null", "[]", "{}", "\"nothing\"", "{\"type\":7}", "true")) {
      peer.ask(probe.call(2, msg)).error(2, "bad_message", "no").detail("types");
    }
    peer.ask(probe.call(3, "\"get\"")).result(3, "0");
  }

  private static void nothingIsGuessed(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    for (var msg :
        List.of(
            "{\"type\":\"count\"}",
            "{\"type\":\"count\",\"by\":null}",
            "{\"type\":\"count\",\"by\":\"3\"}",
            "{\"type\":\"count\",\"by\":1.5}",
            "{\"type\":\"count\",\"by\":true}",
            "{\"type\":\"count\",\"by\":1,\"to\":2}",
            "{\"type\":\"Count\",\"by\":1}",
            "{\"type\":\"get\",\"by\":1}")) {
      peer.ask(probe.call(1, msg)).error(1, "bad_message", "no");
    }
    demandEqual(probe.counted(), 0, "the count");
  }

  private static void noproc(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    var started = System.nanoTime();
    peer.ask(call(1, "nobody.at.all", "1", "\"timeout_ms\":60000")).error(1, "noproc", "no");
    demand(System.nanoTime() - started < 5_000_000_000L, "noproc took more than 5 s");
    peer.ask(call(2, probe.name() + "x", "1"))
        .error(2, "noproc", "no")
        .detail("did_you_mean", "\"" + probe.name() + "\"");
  }

  private static void pidIsOneLife(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.ask(call(1, probe.pid(), "\"get\"")).result(1, "0");
    peer.ask(call(2, probe.pid(), Probe.crash("boom"))).error(2, "exit", "maybe");
    peer.ask(call(3, probe.pid(), "\"get\"")).error(3, "noproc", "no");
    Demand.await("the restart", () -> isBack(peer, probe));
    peer.ask(call(4, probe.pid(), "\"get\"")).error(4, "noproc", "no");
  }

  static boolean isBack(Peer peer, Probe probe) {
    try {
      return peer.ask(probe.call("back?", "\"get\"")).op().equals("reply");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void anyResult(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    for (var value :
        List.of("null", "true", "0", "-1.5", "\"\"", "[]", "{}", "[1,[2,{\"a\":null}]]")) {
      // A value that is null is refused by the binding, not by the protocol; within a list it is
      // one.
      peer.ask(probe.call(1, Probe.echo("[" + value + "]"))).result(1, "[" + value + "]");
    }
    peer.ask(probe.call(2, "\"remaining\"", "\"timeout_ms\":1000")).is("reply").id(2);
  }

  private static void resultTooLarge(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    var limit = FramingRows.maxFrame(trial);
    for (var length : List.of(limit, limit + 1, 2 * limit)) {
      peer.ask(probe.call(1, Probe.text(length)))
          .error(1, "result_too_large", "yes")
          .detail("limit", "" + limit);
    }
    peer.demandQuiet();
  }

  private static void resultThatFits(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    var overhead = "{\"op\":\"reply\",\"id\":1,\"result\":\"\"}".length();
    var fits = FramingRows.maxFrame(trial) - overhead;
    demandEqual(
        peer.ask(probe.call(1, Probe.text(fits))).result(1).asString().length(), fits, "the reply");
    peer.ask(probe.call(1, Probe.text(fits + 1))).error(1, "result_too_large", "yes");
  }

  private static void internal(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.ask(probe.call(1, "\"odd\"")).error(1, "internal", "yes").detail("incident");
    peer.demandQuiet();
  }
}
