package dev.genserver.conformance;

import static dev.genserver.conformance.Demand.demand;
import static dev.genserver.conformance.Demand.demandEqual;
import static dev.genserver.conformance.Requests.demonitor;
import static dev.genserver.conformance.Requests.monitor;
import static dev.genserver.conformance.Row.row;

import dev.genserver.conformance.Trial.Skipped;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/// `monitor`, `demonitor` and `down`, and what processes see of a connection.
final class MonitorRows {

  private MonitorRows() {}

  static List<Row> rows() {
    return List.of(
        row(
            "MON-01",
            "a monitored process that ends is told once, with name, pid and reason",
            MonitorRows::down),
        row(
            "MON-02",
            "a process can be monitored by its pid, and then no name is told",
            MonitorRows::byPid),
        row(
            "MON-03",
            "to monitor where nobody is, is no error: down with noproc follows",
            MonitorRows::nobody),
        row("MON-04", "two monitors on one process are two", MonitorRows::two),
        row("MON-05", "after demonitor there is no down", MonitorRows::demonitored),
        row("MON-06", "demonitor of a ref that is unknown is ok", MonitorRows::unknownRef),
        row("MON-07", "a monitor does not move on to the next life", MonitorRows::oneLife),
        row("MON-08", "monitors end with the connection's input", MonitorRows::halfClose),
        row("MON-09", "one monitor more than the limit is overloaded", MonitorRows::limit)
            .on(Setup.TIGHT),
        row("MON-10", "each exit reason has its kind", MonitorRows::reasons),
        row(
            "MON-11",
            "a process can monitor a connection and is told when it has gone",
            MonitorRows::watched),
        row("MON-12", "a process can end a connection", MonitorRows::ended),
        row(
            "MON-13",
            "what is sent to a connection's pid does not reach the client",
            MonitorRows::sent),
        row(
            "MON-14",
            "any process can be monitored by its pid, a supervisor too",
            MonitorRows::supervisor));
  }

  private static String ref(Answer ok) {
    var ref = ok.json().path("result").path("ref");
    demand(ref.isString(), "no ref in %s", ok);
    return ref.asString();
  }

  private static void demandDown(Answer down, String ref, String kind) {
    down.is("down");
    demandEqual(down.text("ref"), ref, down);
    demandEqual(down.json().path("reason").path("kind").asString(), kind, down);
  }

  private static void down(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    var ok = peer.ask(monitor(5, probe.name())).is("ok").id(5).fields("op", "id", "result");
    demandEqual(ok.json().path("result").path("pid").asString(), probe.pid(), ok);
    peer.send(probe.cast(Probe.crash("boom")));
    var down = peer.receive().fields("op", "ref", "pid", "name", "reason");
    demandDown(down, ref(ok), "error");
    demandEqual(down.text("pid"), probe.pid(), down);
    demandEqual(down.text("name"), probe.name(), down);
    demandEqual(down.json().path("reason").path("message").asString(), "boom", down);
    demandEqual(
        down.json().path("reason").path("class").asString(),
        "java.lang.IllegalStateException",
        down);
    peer.demandQuiet();
  }

  private static void byPid(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    var ref = ref(peer.ask(monitor(1, probe.pid())).is("ok"));
    peer.send(probe.cast(Probe.crash("boom")));
    demandDown(peer.receive().fields("op", "ref", "pid", "reason"), ref, "error");
  }

  private static void nobody(Trial trial) throws IOException {
    var peer = trial.connect();
    var ok = peer.ask(monitor(1, "nobody")).is("ok").id(1);
    demandEqual(ok.json().path("result").propertyNames(), "[ref]", ok);
    demandDown(peer.receive().fields("op", "ref", "name", "reason"), ref(ok), "noproc");
    var ended = peer.ask(monitor(2, "<1.999999999>")).is("ok").id(2);
    demandDown(peer.receive(), ref(ended), "noproc");
    peer.demandQuiet();
  }

  private static void two(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    var first = ref(peer.ask(monitor(1, probe.name())).is("ok"));
    var second = ref(peer.ask(monitor(2, probe.name())).is("ok"));
    demand(!first.equals(second), "both monitors are called %s", first);
    peer.send(probe.cast(Probe.crash("boom")));
    var told = new TreeSet<String>();
    told.add(peer.receive().is("down").text("ref"));
    told.add(peer.receive().is("down").text("ref"));
    demandEqual(told, new TreeSet<>(List.of(first, second)), "the refs of both");
    peer.demandQuiet();
  }

  private static void demonitored(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    var ref = ref(peer.ask(monitor(1, probe.name())).is("ok"));
    peer.ask(demonitor(2, ref)).is("ok").id(2).fields("op", "id");
    peer.ask(probe.call(3, Probe.crash("boom"))).error(3, "exit", "maybe");
    Demand.await("the restart", () -> CallRows.isBack(peer, probe));
    peer.demandQuiet();
  }

  private static void unknownRef(Trial trial) throws IOException {
    var peer = trial.connect();
    for (var ref : List.of("m-1", "m-999999", "", "x")) {
      peer.ask(demonitor(1, ref)).is("ok").id(1);
    }
  }

  private static void oneLife(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    var ref = ref(peer.ask(monitor(1, probe.name())).is("ok"));
    peer.send(probe.cast(Probe.crash("first")));
    demandDown(peer.receive(), ref, "error");
    Demand.await("the restart", () -> CallRows.isBack(peer, probe));
    peer.ask(probe.call(2, Probe.crash("second"))).error(2, "exit", "maybe");
    Demand.await("the restart", () -> CallRows.isBack(peer, probe));
    peer.demandQuiet();
  }

  private static void halfClose(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connectLines();
    ref(peer.ask(monitor(1, probe.name())).is("ok"));
    peer.send(probe.call(2, "\"hold\""));
    probe.awaitHeld();
    peer.endInput();
    probe.release();
    peer.receive().result(2, "\"held\"");
    peer.demandClosed();
  }

  private static void limit(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    var first = ref(peer.ask(monitor(1, probe.name())).is("ok"));
    peer.ask(monitor(2, probe.name())).is("ok");
    peer.ask(monitor(3, probe.name())).error(3, "overloaded", "no").detail("limit", "2");
    peer.ask(demonitor(4, first)).is("ok");
    peer.ask(monitor(5, probe.name())).is("ok");
  }

  private static void reasons(Trial trial) throws IOException, Skipped {
    var peer = trial.connect();
    demandReason(trial, peer, "normal", "{\"kind\":\"normal\"}");
    demandReason(trial, peer, "shutdown", "{\"kind\":\"shutdown\"}");
    demandReason(
        trial, peer, "shutdown_with_detail", "{\"kind\":\"shutdown\",\"value\":\"moving house\"}");
    demandReason(
        trial, peer, "other", "{\"kind\":\"other\",\"value\":\"" + "x".repeat(4096) + "…\"}");
    var killed = trial.probe();
    peer.ask(monitor("m", killed.name())).is("ok");
    killed.end();
    demandEqual(peer.receive().is("down").json().path("reason"), "{\"kind\":\"killed\"}", "down");
  }

  private static void demandReason(Trial trial, Peer peer, String end, String reason)
      throws IOException, Skipped {
    var probe = trial.probe();
    peer.ask(monitor("m", probe.name())).is("ok");
    peer.send(
        probe.call(
            "c", "{\"type\":\"stop\",\"reason\":\"%s\"}".formatted(end.toUpperCase(Locale.ROOT))));
    for (var i = 0; i < 2; i++) {
      var answer = peer.receive();
      var told =
          answer.op().equals("down")
              ? answer.json().path("reason")
              : answer.error("c", "exit", "maybe").detail("reason");
      demandEqual(told, Answer.JSON.readTree(reason), answer);
    }
  }

  private static void watched(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var gone = trial.connect();
    gone.ask(probe.call(1, "\"watch_caller\"")).result(1, "\"watching\"");
    gone.reset();
    Demand.await("the end is told", () -> log(probe).startsWith("[\"down "));
  }

  private static String log(Probe probe) {
    try {
      return probe.log().toString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void ended(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.send(probe.call(1, "\"end_caller\""));
    var answer = peer.receive();
    if (answer.op().equals("reply")) {
      answer = peer.receive();
    }
    answer.goodbye("unavailable");
    peer.demandClosed();
  }

  private static void sent(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    var pid = peer.ask(probe.call(1, "\"caller\"")).result(1).asString();
    demandEqual(peer.ask(probe.call(2, "\"caller\"")).result(2).asString(), pid, "the caller");
    peer.ask(probe.call(3, "\"send_to_caller\"")).result(3, "\"sent\"");
    peer.send(Requests.cast(pid, "1"));
    peer.demandQuiet();
  }

  private static void supervisor(Trial trial) throws IOException, Skipped {
    trial.probe();
    var peer = trial.connect();
    var ok = peer.ask(monitor(1, "conformance-probes")).is("ok");
    var pid = ok.json().path("result").path("pid").asString("");
    var byPid = peer.ask(monitor(2, pid)).is("ok");
    demandEqual(byPid.json().path("result").path("pid").asString(), pid, byPid);
    peer.demandQuiet();
  }
}
