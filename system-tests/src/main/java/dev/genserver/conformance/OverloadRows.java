package dev.genserver.conformance;

import static dev.genserver.conformance.Demand.demand;
import static dev.genserver.conformance.Demand.demandEqual;
import static dev.genserver.conformance.Requests.ping;
import static dev.genserver.conformance.Row.row;

import dev.genserver.conformance.Trial.Skipped;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// What is refused, and what is slowed down, when there is too much.
final class OverloadRows {

  private static final int CASTS = 30_000;

  private OverloadRows() {}

  static List<Row> rows() {
    return List.of(
        row(
                "LOAD-01",
                "one open call more than the limit is overloaded, and the others go on",
                OverloadRows::inFlight)
            .on(Setup.TIGHT),
        row(
            "LOAD-02",
            "a full mailbox refuses calls and casts with an id, and says how full",
            OverloadRows::mailboxFull),
        row(
            "LOAD-03",
            "casts without an id wait in their sender, none is lost, and their order is kept",
            OverloadRows::silentCasts),
        row(
            "LOAD-04",
            "a connection that is read no further does not hold up others",
            OverloadRows::othersGoOn),
        row("LOAD-05", "answers that are read late all come", OverloadRows::lateReader),
        row(
                "LOAD-06",
                "a client that does not read is closed after the grace",
                OverloadRows::neverReads)
            .on(Setup.TIGHT),
        row(
                "LOAD-07",
                "a connection more than connection.max is told goodbye, overloaded",
                OverloadRows::tooManyConnections)
            .on(Setup.CROWDED));
  }

  private static void inFlight(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    for (var id = 1; id <= 3; id++) {
      peer.send(probe.call(id, "\"defer\""));
    }
    peer.ask(probe.call(4, "\"get\"")).error(4, "overloaded", "no").detail("limit", "3");
    peer.ask(probe.confirmedCast(5, Probe.note("a cast is no call"))).is("ok");
    peer.send(probe.cast("{\"type\":\"answer\",\"value\":7}"));
    for (var id = 1; id <= 3; id++) {
      peer.receive().result(id, "7");
    }
    peer.ask(probe.call(4, "\"get\"")).result(4, "0");
  }

  private static void mailboxFull(Trial trial) throws IOException, Skipped {
    var probe = trial.probe(5);
    var peer = trial.connect();
    peer.send(probe.cast("\"hold\""));
    probe.awaitHeld();
    for (var id = 1; id <= 5; id++) {
      peer.ask(probe.confirmedCast(id, Probe.note("n" + id))).is("ok").id(id);
    }
    for (var request : List.of(probe.call(6, "\"get\""), probe.confirmedCast(6, Probe.count(1)))) {
      var answer = peer.ask(request).error(6, "overloaded", "no");
      answer.detail("queued", "5").detail("limit", "5");
      demand(answer.detail("oldest_ms").asLong() >= 0, "oldest_ms in %s", answer);
    }
    probe.release();
    Demand.await("there is room", () -> CallRows.isBack(peer, probe));
    demandEqual(probe.log(), "[\"n1\",\"n2\",\"n3\",\"n4\",\"n5\"]", "the log");
  }

  private static void silentCasts(Trial trial) throws Exception {
    var probe = trial.probe(100);
    var peer = trial.connect();
    peer.send(probe.cast("\"hold\""));
    probe.awaitHeld();
    var casts = new ArrayList<String>();
    for (var i = 0; i < 3000; i++) {
      casts.add(probe.cast(Probe.note("n" + i + "x".repeat(50))));
    }
    var sent = send(peer, casts);
    probe.release();
    sent.get(Peer.PATIENCE_MS, TimeUnit.MILLISECONDS);
    // Over the same connection: when this is answered, what was sent before has been handled.
    Demand.await("there is room", () -> CallRows.isBack(peer, probe));
    var log = probe.log();
    demandEqual(log.size(), 3000, "the log");
    for (var i = 0; i < 3000; i++) {
      demand(log.path(i).asString().startsWith("n" + i + "x"), "%d: %s", i, log.path(i));
    }
    peer.demandQuiet();
  }

  private static void othersGoOn(Trial trial) throws Exception {
    var probe = trial.probe(100);
    var peer = trial.connect();
    peer.send(probe.cast("\"hold\""));
    probe.awaitHeld();
    var pad = probe.cast("{\"type\":\"pad\",\"padding\":\"%s\"}".formatted("x".repeat(1000)));
    var sent = send(peer, Collections.nCopies(CASTS, pad));
    Demand.await("the mailbox is full", () -> isFull(trial, probe));
    var other = trial.connect();
    for (var id = 0; id < 100; id++) {
      other.ask(ping(id)).is("pong").id(id);
    }
    demand(!sent.isDone(), "%,d casts of 1 kB did not slow their sender", CASTS);
    probe.release();
    sent.get(Peer.PATIENCE_MS, TimeUnit.MILLISECONDS);
    peer.demandQuiet();
    Demand.await("all casts are handled", () -> counted(probe) == CASTS);
  }

  private static CompletableFuture<Void> send(Peer peer, List<String> messages) {
    return CompletableFuture.runAsync(() -> {
      try {
        peer.sendTogether(messages);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
  }

  private static boolean isFull(Trial trial, Probe probe) {
    try {
      return trial
          .connectOnce(peer -> peer.ask(probe.confirmedCast(1, Probe.count(0))))
          .op()
          .equals("error");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long counted(Probe probe) {
    try {
      return probe.counted();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void lateReader(Trial trial) throws Exception {
    var probe = trial.probe();
    var peer = trial.connectNarrow();
    var calls = new ArrayList<String>();
    for (var id = 0; id < 200; id++) {
      calls.add(probe.call(id, Probe.text(100_000)));
    }
    var sent = send(peer, calls);
    // 20 MB of answers do not fit into the buffers on the way: they wait in the daemon.
    trial.connect().demandQuiet();
    for (var id = 0; id < 200; id++) {
      demandEqual(peer.receive().result(id).asString().length(), 100_000, "the reply");
    }
    sent.get(Peer.PATIENCE_MS, TimeUnit.MILLISECONDS);
    peer.demandQuiet();
  }

  private static void neverReads(Trial trial) throws Exception {
    var probe = trial.probe();
    var peer = trial.connectNarrow();
    peer.ask(probe.call("watch", "\"watch_caller\"")).is("reply");
    var flood =
        CompletableFuture.runAsync(() -> {
          try {
            while (true) {
              peer.sendTogether(Collections.nCopies(100, probe.call(1, Probe.text(4000))));
            }
          } catch (SocketException _) {
            // Closed, as it should be.
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    flood.get(Peer.PATIENCE_MS, TimeUnit.MILLISECONDS);
    Demand.await("the connection's end is told", () -> hasSeenAnEnd(probe));
  }

  private static boolean hasSeenAnEnd(Probe probe) {
    try {
      return probe.log().path(0).asString("").startsWith("down ");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void tooManyConnections(Trial trial) throws IOException {
    var first = trial.connect();
    var second = trial.connect();
    first.demandQuiet();
    second.demandQuiet();
    trial.connectRaw().demandGoodbye("overloaded");
    first.demandQuiet();
    second.close();
    Demand.await("there is room again", () -> isServed(trial));
  }

  private static boolean isServed(Trial trial) {
    try {
      return trial.connectOnce(peer -> peer.ask(ping(1))).op().equals("pong");
    } catch (IOException | AssertionError e) {
      return false;
    }
  }
}
