package dev.genserver.conformance;

import static dev.genserver.conformance.Demand.demand;
import static dev.genserver.conformance.Demand.demandEqual;
import static dev.genserver.conformance.Row.row;

import dev.genserver.conformance.Trial.Skipped;
import java.io.IOException;
import java.util.List;

/// How long a call may take, and what is said when that is over.
final class DeadlineRows {

  private DeadlineRows() {}

  static List<Row> rows() {
    return List.of(
        row(
            "TIME-01",
            "a call whose time is up in the mailbox is never started",
            DeadlineRows::queued),
        row(
            "TIME-02",
            "one that is being handled is answered at its time, and its handler goes on",
            DeadlineRows::running),
        row(
            "TIME-03",
            "one whose reply was put off is answered at its time",
            DeadlineRows::waiting),
        row("TIME-04", "timeout_ms 0 is a time like any other", DeadlineRows::zero),
        row("TIME-05", "left out, timeout_ms is 5000", DeadlineRows::fallback),
        row(
                "TIME-06",
                "more than call.max-timeout is cut to it, a huge number too",
                DeadlineRows::cut)
            .on(Setup.TIGHT),
        row("TIME-07", "infinity is refused unless it is allowed", DeadlineRows::infinityRefused),
        row("TIME-08", "infinity, where it is allowed, sets no time", DeadlineRows::infinityAllowed)
            .on(Setup.PATIENT),
        row(
            "TIME-09",
            "a call that a handler makes inherits what remains of its own",
            DeadlineRows::inherited),
        row(
            "TIME-10",
            "calls of a lost connection that wait in the mailbox are never started",
            DeadlineRows::lostQueued),
        row("TIME-11", "a handler is told that its caller has gone", DeadlineRows::lostRunning),
        row(
            "ERR-01",
            "a process that ends fails the calls that it had and those that it had not begun",
            DeadlineRows::exit),
        row("ERR-02", "no stack trace crosses the wire", DeadlineRows::noStackTrace),
        row(
            "ERR-03",
            "a suspended process is unavailable when the time is up",
            DeadlineRows::suspended));
  }

  private static final String SHORT = "\"timeout_ms\":100";

  private static void queued(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.send(probe.cast("\"hold\""));
    probe.awaitHeld();
    peer.send(probe.cast(Probe.note("waits too")));
    var answer = peer.ask(probe.call(1, Probe.note("never"), SHORT));
    answer.error(1, "timeout", "no").detail("phase", "\"queued\"");
    demand(answer.detail("queued").asInt() >= 1, "queued in %s", answer);
    answer.detail("running_ms");
    probe.release();
    demandEqual(probe.log(), "[\"waits too\"]", "the log");
    peer.demandQuiet();
  }

  private static void running(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    var started = System.nanoTime();
    var answer = peer.ask(probe.call(1, "\"hold\"", SHORT));
    var tookMs = (System.nanoTime() - started) / 1_000_000;
    answer.error(1, "timeout", "maybe").detail("phase", "\"running\"");
    demand(answer.detail("running_ms").asLong() >= 50, "running_ms in %s", answer);
    demand(tookMs >= 100, "answered after %d ms, before its time", tookMs);
    probe.release();
    demandEqual(probe.log(), "[\"held, waiting false\"]", "the log");
    peer.demandQuiet();
  }

  private static void waiting(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.ask(probe.call(1, "\"defer\"", SHORT))
        .error(1, "timeout", "maybe")
        .detail("phase", "\"waiting\"");
    peer.send(probe.cast("{\"type\":\"answer\",\"value\":1}"));
    peer.ask(probe.call(2, "\"get\"")).result(2, "0");
    peer.demandQuiet();
  }

  private static void zero(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.send(probe.cast("\"hold\""));
    probe.awaitHeld();
    peer.ask(probe.call(1, Probe.note("never"), "\"timeout_ms\":0")).error(1, "timeout", "no");
    probe.release();
    demandEqual(probe.log(), "[]", "the log");
  }

  private static void fallback(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var left = trial.connect().ask(probe.call(1, "\"remaining\"")).result(1);
    demand(left.asLong() > 3000 && left.asLong() <= 5000, "%s ms were left, not about 5000", left);
  }

  private static void cut(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    for (var more : List.of("2001", "3600000", "9223372036854775808", "9".repeat(300))) {
      var left = peer.ask(probe.call(1, "\"remaining\"", "\"timeout_ms\":" + more)).result(1);
      demand(left.asLong() > 500 && left.asLong() <= 2000, "%s ms were left of %s", left, more);
    }
  }

  private static void infinityRefused(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.ask(probe.call(1, "\"get\"", "\"timeout_ms\":\"infinity\"")).error(1, "bad_request", "no");
    peer.demandQuiet();
  }

  private static void infinityAllowed(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.ask(probe.call(1, "\"remaining\"", "\"timeout_ms\":\"infinity\"")).result(1, "null");
  }

  private static void inherited(Trial trial) throws IOException, Skipped {
    var outer = trial.probe();
    var inner = trial.probe();
    var peer = trial.connect();
    var nested = "{\"type\":\"nested\",\"to\":\"%s\",\"timeout_ms\":%d}";
    var small =
        peer.ask(outer.call(1, nested.formatted(inner.name(), 60_000), "\"timeout_ms\":3000"));
    demandBetween(small, 500, 3000);
    var own =
        peer.ask(outer.call(2, nested.formatted(inner.name(), 3_000), "\"timeout_ms\":60000"));
    demandBetween(own, 500, 3000);
  }

  private static void demandBetween(Answer answer, long least, long most) {
    var left = answer.is("reply").json().path("result").asLong();
    demand(left > least && left <= most, "%d ms were left, not %d to %d", left, least, most);
  }

  private static void lostQueued(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var watch = trial.probe();
    var peer = trial.connect();
    peer.ask(watch.call(1, "\"watch_caller\"")).is("reply");
    peer.send(probe.cast("\"hold\""));
    probe.awaitHeld();
    peer.send(probe.call(2, Probe.note("never"))).demandQuiet();
    peer.reset();
    Demand.await("the loss is noticed", () -> logSize(watch) == 1);
    probe.release();
    demandEqual(probe.log(), "[]", "the log");
  }

  private static void lostRunning(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var watch = trial.probe();
    var peer = trial.connect();
    peer.ask(watch.call(1, "\"watch_caller\"")).is("reply");
    peer.send(probe.call(2, "\"hold\""));
    probe.awaitHeld();
    peer.reset();
    Demand.await("the loss is noticed", () -> logSize(watch) == 1);
    probe.release();
    demandEqual(probe.log(), "[\"held, waiting false\"]", "the log");
  }

  private static int logSize(Probe probe) {
    try {
      return probe.log().size();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void exit(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.send(probe.call("waiting", "\"defer\"")).send(probe.cast("\"hold\""));
    probe.awaitHeld();
    peer.send(probe.call("running", Probe.crash("boom")));
    peer.send(probe.call("queued", "\"get\"")).demandQuiet();
    probe.release();
    for (var i = 0; i < 3; i++) {
      var answer = peer.receive();
      answer.error(answer.text("id"), "exit", answer.hasId("queued") ? "no" : "maybe");
      demandEqual(answer.detail("pid").asString(), probe.pid(), answer);
      demandEqual(
          answer.detail("reason"),
          Answer.JSON.readTree(
              "{\"kind\":\"error\",\"message\":\"boom\",\"class\":\"java.lang.IllegalStateException\"}"),
          answer);
    }
    peer.demandQuiet();
  }

  private static void noStackTrace(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var answer = trial.connect().ask(probe.call(1, Probe.crash("boom")));
    answer.error(1, "exit", "maybe");
    demand(!answer.toString().contains(".java"), "a stack trace: %s", answer);
  }

  private static void suspended(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    AdminRows.ask(peer, "suspend", probe).result("suspend", "\"ok\"");
    var answer = peer.ask(probe.call(1, Probe.note("never"), SHORT));
    answer.error(1, "unavailable", "no").detail("phase", "\"queued\"").detail("queued");
    AdminRows.ask(peer, "resume", probe).result("resume", "\"ok\"");
    demandEqual(probe.log(), "[]", "the log");
  }
}
