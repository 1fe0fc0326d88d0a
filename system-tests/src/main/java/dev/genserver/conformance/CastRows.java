package dev.genserver.conformance;

import static dev.genserver.conformance.Demand.demand;
import static dev.genserver.conformance.Demand.demandEqual;
import static dev.genserver.conformance.Requests.cancel;
import static dev.genserver.conformance.Requests.cast;
import static dev.genserver.conformance.Row.row;

import dev.genserver.conformance.Trial.Skipped;
import java.io.IOException;
import java.util.List;

/// `cast` and `cancel`.
final class CastRows {

  private CastRows() {}

  static List<Row> rows() {
    return List.of(
        row("CAST-01", "a cast without an id gets no answer, ever", CastRows::silent),
        row(
            "CAST-02",
            "so it does where nobody is, and where the process does not take it",
            CastRows::silentFailures),
        row(
            "CAST-03",
            "a cast without an id that cannot be understood gets an error",
            CastRows::notUnderstood),
        row("CAST-04", "a cast with an id gets ok, and nothing else", CastRows::confirmed),
        row("CAST-05", "ok means in the mailbox, not handled", CastRows::confirmedWhileHeld),
        row("CAST-06", "a cast with an id to nobody is noproc", CastRows::noproc),
        row(
            "CAST-07",
            "a cast with an id that the process does not take is bad_message",
            CastRows::badMessage),
        row("CAST-08", "meta and trace reach the process as they are", CastRows::context),
        row(
            "CAST-09",
            "casts that were read are never taken back, also when the connection is lost",
            CastRows::castsStay),
        row(
            "CANCEL-01",
            "a call in the mailbox that is cancelled is never started",
            CastRows::cancelQueued),
        row(
            "CANCEL-02",
            "a call that is being handled is cancelled at once",
            CastRows::cancelRunning),
        row(
            "CANCEL-03",
            "a call whose reply was put off is cancelled at once",
            CastRows::cancelWaiting),
        row("CANCEL-04", "cancel after the answer does nothing", CastRows::cancelAnswered),
        row("CANCEL-05", "cancel of an id that is unknown does nothing", CastRows::cancelUnknown),
        row(
            "CANCEL-06",
            "cancel that races the reply leaves exactly one answer",
            CastRows::cancelRace));
  }

  private static void silent(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.send(probe.cast(Probe.count(3)));
    peer.ask(probe.call(1, "\"get\"")).result(1, "3");
    peer.demandQuiet();
  }

  private static void silentFailures(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.send(cast("nobody", "1")).send(cast("<1.999999999>", "1"));
    peer.send(probe.cast("{\"type\":\"nothing\"}")).send(probe.cast("null"));
    peer.ask(probe.call(1, "\"get\"")).result(1, "0");
    peer.demandQuiet();
  }

  private static void notUnderstood(Trial trial) throws IOException {
    var peer = trial.connect();
    peer.ask("{\"op\":\"cast\",\"to\":7,\"msg\":1}")
        .error("bad_request", "no")
        .fields("op", "error");
    peer.demandQuiet();
  }

  private static void confirmed(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.ask(probe.confirmedCast("c", Probe.count(3))).is("ok").id("c").fields("op", "id");
    peer.ask(probe.call(1, "\"get\"")).result(1, "3");
  }

  private static void confirmedWhileHeld(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.send(probe.cast("\"hold\""));
    probe.awaitHeld();
    peer.ask(probe.confirmedCast(1, Probe.note("later"))).is("ok").id(1);
    probe.release();
    demandEqual(probe.log(), "[\"later\"]", "the log");
  }

  private static void noproc(Trial trial) throws IOException {
    var peer = trial.connect();
    peer.ask(Requests.confirmedCast(1, "nobody", "1")).error(1, "noproc", "no");
    peer.demandQuiet();
  }

  private static void badMessage(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.ask(probe.confirmedCast(1, "{\"type\":\"coun\",\"by\":1}"))
        .error(1, "bad_message", "no")
        .detail("did_you_mean", "\"count\"");
    peer.ask(probe.confirmedCast(2, "{\"type\":\"count\"}")).error(2, "bad_message", "no");
    demandEqual(probe.counted(), 0, "the count");
  }

  private static void context(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    var cast = probe.confirmedCast(1, "\"context\"");
    peer.ask(Requests.with(cast, "\"meta\":{\"user\":\"ann\"},\"trace\":\"t-1\"")).is("ok");
    var log = probe.log().path(0).asString();
    demand(log.contains("user=ann") && log.contains("t-1"), "the process saw %s", log);
  }

  private static void castsStay(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.send(probe.cast("\"hold\""));
    probe.awaitHeld();
    peer.send(probe.cast(Probe.note("one"))).send(probe.cast(Probe.note("two"))).demandQuiet();
    peer.reset();
    probe.release();
    Demand.await("both casts are handled", () -> logSize(probe) == 2);
  }

  private static int logSize(Probe probe) {
    try {
      return probe.log().size();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void cancelQueued(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.send(probe.cast("\"hold\""));
    probe.awaitHeld();
    peer.send(probe.call(1, Probe.note("never")))
        .ask(cancel(1))
        .error(1, "cancelled", "no")
        .detail("phase", "\"queued\"");
    probe.release();
    demandEqual(probe.log(), "[]", "the log");
    peer.demandQuiet();
  }

  private static void cancelRunning(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.send(probe.call(1, "\"hold\""));
    probe.awaitHeld();
    peer.ask(cancel(1)).error(1, "cancelled", "maybe").detail("phase", "\"running\"");
    probe.release();
    // Its handler went on and was told that nobody waits; what it replied is dropped.
    demandEqual(probe.log(), "[\"held, waiting false\"]", "the log");
    peer.demandQuiet();
  }

  private static void cancelWaiting(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.send(probe.call(1, "\"defer\""));
    peer.ask(probe.call(2, "\"get\"")).result(2, "0");
    peer.ask(cancel(1)).error(1, "cancelled", "maybe").detail("phase", "\"waiting\"");
    peer.send(probe.cast("{\"type\":\"answer\",\"value\":1}"));
    peer.ask(probe.call(3, "\"get\"")).result(3, "0");
    peer.demandQuiet();
  }

  private static void cancelAnswered(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.ask(probe.call(1, "\"get\"")).result(1, "0");
    peer.send(cancel(1)).demandQuiet();
  }

  private static void cancelUnknown(Trial trial) throws IOException {
    var peer = trial.connect();
    for (Object id : List.of(1, "one", 9007199254740991L)) {
      peer.send(cancel(id));
    }
    peer.demandQuiet();
  }

  private static void cancelRace(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    for (var id = 0; id < 500; id++) {
      var answer = peer.send(probe.call(id, Probe.echo("1"))).ask(cancel(id)).id(id);
      if (answer.op().equals("error")) {
        demandEqual(answer.json().path("error").path("code").asString(), "cancelled", answer);
      } else {
        answer.result(id, "1");
      }
    }
    peer.demandQuiet();
  }
}
