package dev.genserver.conformance;

import static dev.genserver.conformance.Demand.demand;
import static dev.genserver.conformance.Demand.demandEqual;
import static dev.genserver.conformance.Requests.call;
import static dev.genserver.conformance.Row.row;

import dev.genserver.conformance.Trial.Skipped;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The process `sys.processes`, through which a daemon is looked into.
final class AdminRows {

  private static final String ADMIN = "sys.processes";

  private AdminRows() {}

  static List<Row> rows() {
    return List.of(
        row(
            "ADMIN-01",
            "list gives a line for each process, the oldest first, in pages",
            AdminRows::list),
        row("ADMIN-02", "info tells of one process, by name and by pid", AdminRows::info),
        row("ADMIN-03", "tree gives the supervisors with their children", AdminRows::tree),
        row(
            "ADMIN-04",
            "why tells what a process is at and what waits, of one that is stuck too",
            AdminRows::why),
        row("ADMIN-05", "state can be read and replaced", AdminRows::state),
        row("ADMIN-06", "a suspended process takes no messages, which wait", AdminRows::suspend),
        row("ADMIN-07", "statistics are switched, and then count", AdminRows::statistics),
        row(
            "ADMIN-08",
            "trace tells events as they come, from one life to the next",
            AdminRows::trace),
        row("ADMIN-09", "start, stop and restart do so", AdminRows::lifecycle),
        row(
            "ADMIN-10",
            "what cannot be done is refused with the error that says why",
            AdminRows::refused),
        row(
            "ADMIN-11",
            "it is called like any process, and says what it takes",
            AdminRows::describes));
  }

  static Answer ask(Peer peer, String type, Probe probe) throws IOException {
    return ask(peer, type, probe.name());
  }

  private static Answer ask(Peer peer, String type, String process) throws IOException {
    return peer.ask(
        call(type, ADMIN, "{\"type\":\"%s\",\"process\":\"%s\"}".formatted(type, process)));
  }

  private static Answer tell(Peer peer, Object id, String msg) throws IOException {
    return peer.ask(call(id, ADMIN, msg));
  }

  private static void list(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    var all = tell(peer, 1, "\"list\"").result(1);
    var found = 0;
    for (var process : all) {
      for (var field : List.of("pid", "kind", "server", "status", "queued", "restarts")) {
        demand(process.has(field), "no %s in %s", field, process);
      }
      found += process.path("pid").asString().equals(probe.pid()) ? 1 : 0;
    }
    demandEqual(found, 1, "lines of " + probe.pid());
    var first = tell(peer, 2, "{\"type\":\"list\",\"limit\":2}").result(2);
    demandEqual(first.size(), 2, first);
    var after = first.path(0).path("pid").asString();
    var second = tell(peer, 3, "{\"type\":\"list\",\"limit\":1,\"after\":\"%s\"}".formatted(after));
    demandEqual(second.result(3).path(0).path("pid"), first.path(1).path("pid"), "the second page");
  }

  private static void info(Trial trial) throws IOException, Skipped {
    var probe = trial.probe(77);
    var peer = trial.connect();
    for (var process : List.of(probe.name(), probe.pid())) {
      var info = ask(peer, "info", process).result("info");
      demandEqual(info.path("pid").asString(), probe.pid(), info);
      demandEqual(info.path("name").asString(), probe.name(), info);
      demandEqual(info.path("max_queue"), "77", info);
      demandEqual(info.path("status").asString(), "idle", info);
      demandEqual(info.path("traps_exits"), "false", info);
      demandEqual(info.path("cpu_bound"), "false", info);
    }
  }

  private static void tree(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var tree = tell(trial.connect(), 1, "\"tree\"").result(1);
    demand(finds(tree, probe.pid()), "%s is not in %s", probe.pid(), tree);
  }

  private static boolean finds(JsonNode node, String pid) {
    if (node.path("pid").asString("").equals(pid)) {
      return true;
    }
    for (var child : node.path("children")) {
      if (finds(child, pid)) {
        return true;
      }
    }
    return false;
  }

  private static void why(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.send(probe.call(1, "\"hold\""));
    probe.awaitHeld();
    peer.send(probe.cast(Probe.note("waits"))).demandQuiet();
    var why = ask(peer, "why", probe).result("why");
    demand(why.path("now").path("message").toString().contains("hold"), "now in %s", why);
    demand(why.path("now").path("stack").toString().contains("Gate"), "stack in %s", why);
    demand(why.path("waiting").toString().contains("waits"), "waiting in %s", why);
    probe.release();
    peer.receive().result(1, "\"held\"");
    peer.ask(probe.call(2, Probe.crash("boom"))).error(2, "exit", "maybe");
    Demand.await("the restart", () -> CallRows.isBack(peer, probe));
    var after = ask(peer, "why", probe).result("why");
    demand(after.path("last_crash").toString().contains("boom"), "last_crash in %s", after);
  }

  private static void state(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.ask(probe.call(1, Probe.count(5))).result(1, "5");
    var state = ask(peer, "get_state", probe).result("get_state");
    demandEqual(state.path("count"), "5", state);
    var next = "{\"name\":\"%s\",\"count\":8,\"log\":[\"new\"]}".formatted(probe.name());
    tell(
            peer,
            2,
            "{\"type\":\"replace_state\",\"process\":\"%s\",\"state\":%s}"
                .formatted(probe.name(), next))
        .result(2);
    demandEqual(probe.counted(), 8, "the count");
    tell(
            peer,
            3,
            "{\"type\":\"replace_state\",\"process\":\"%s\",\"state\":{}}".formatted(probe.name()))
        .error(3, "bad_message", "no");
    demandEqual(probe.counted(), 8, "the count");
  }

  private static void suspend(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    ask(peer, "suspend", probe).result("suspend", "\"ok\"");
    peer.send(probe.call(1, Probe.note("waited"))).demandQuiet();
    var info = ask(peer, "info", probe).result("info");
    demandEqual(info.path("status").asString() + info.path("queued"), "suspended1", info);
    peer.send(
        call("resume", ADMIN, "{\"type\":\"resume\",\"process\":\"%s\"}".formatted(probe.name())));
    for (var i = 0; i < 2; i++) {
      var answer = peer.receive();
      answer.result(answer.hasId(1) ? 1 : "resume", answer.hasId(1) ? "\"waited\"" : "\"ok\"");
    }
  }

  private static void statistics(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    demandEqual(ask(peer, "statistics", probe).result("statistics"), "null", "off");
    var on =
        "{\"type\":\"statistics\",\"process\":\"%s\",\"enabled\":true}".formatted(probe.name());
    tell(peer, 1, on).result(1, "\"ok\"");
    peer.ask(probe.call(2, "\"get\"")).result(2, "0");
    var statistics = ask(peer, "statistics", probe).result("statistics");
    for (var field : List.of("since_ms", "busy_ms", "messages_in", "messages_out")) {
      demand(statistics.has(field), "no %s in %s", field, statistics);
    }
    demand(statistics.path("messages_in").asInt() >= 1, "nothing counted: %s", statistics);
  }

  private static void trace(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    var first = ask(peer, "trace", probe).result("trace");
    demandEqual(first.path("events"), "[]", first);
    peer.ask(probe.call(1, Probe.echo("1"))).result(1, "1");
    peer.ask(probe.call(2, Probe.crash("boom"))).error(2, "exit", "maybe");
    Demand.await("the restart", () -> CallRows.isBack(peer, probe));
    var after = first.path("next").asLong();
    var seen = new StringBuilder();
    while (!seen.toString().contains("started")) {
      var more =
          tell(
                  peer,
                  3,
                  "{\"type\":\"trace\",\"process\":\"%s\",\"after\":%d,\"wait_ms\":2000}"
                      .formatted(probe.name(), after))
              .result(3);
      demand(!more.path("events").isEmpty(), "no more events after %s", seen);
      for (var event : more.path("events")) {
        seen.append(event.path("kind").asString()).append(' ');
      }
      after = more.path("next").asLong();
    }
    demand(seen.toString().startsWith("call reply call "), "the events were %s", seen);
    demand(seen.toString().contains("down "), "the events were %s", seen);
  }

  private static void lifecycle(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    var name = probe.name() + ".admin";
    var start = "{\"type\":\"start\",\"behaviour\":\"probe\",\"name\":\"%s\"}".formatted(name);
    var pid = tell(peer, "start", start).result("start").path("pid").asString();
    peer.ask(call(1, pid, "\"get\"")).result(1, "0");
    var again = ask(peer, "restart", name).result("restart").path("pid").asString();
    demand(!again.equals(pid), "%s was not restarted", pid);
    peer.ask(call(2, pid, "\"get\"")).error(2, "noproc", "no");
    ask(peer, "stop", name).result("stop", "\"ok\"");
    peer.ask(call(3, name, "\"get\"")).error(3, "noproc", "no");
    ask(peer, "restart", name).result("restart");
    peer.ask(call(4, name, "\"get\"")).result(4, "0");
    ask(peer, "stop", name).result("stop", "\"ok\"");
  }

  private static void refused(Trial trial) throws IOException, Skipped {
    trial.probe();
    var peer = trial.connect();
    ask(peer, "info", "nobody").error("info", "noproc", "no");
    ask(peer, "suspend", ADMIN).error("suspend", "forbidden", "no");
    ask(peer, "trace", ADMIN).error("trace", "forbidden", "no");
    ask(peer, "stop", ADMIN).error("stop", "forbidden", "no");
    tell(peer, 1, "{\"type\":\"start\",\"behaviour\":\"none\",\"name\":\"x\"}")
        .error(1, "bad_message", "no");
  }

  private static void describes(Trial trial) throws IOException {
    var answer = tell(trial.connect(), 1, "\"nonsense\"").error(1, "bad_message", "no");
    for (var type : List.of("list", "info", "tree", "why", "get_state", "suspend", "trace")) {
      demand(answer.json().toString().contains("\"" + type + "\""), "%s is missing", type);
    }
  }
}
