package dev.genserver.conformance;

import static dev.genserver.conformance.Demand.demand;
import static dev.genserver.conformance.Demand.demandEqual;
import static dev.genserver.conformance.Requests.call;
import static dev.genserver.conformance.Requests.ping;
import static dev.genserver.conformance.Row.row;

import dev.genserver.conformance.Trial.Skipped;
import java.io.IOException;
import java.util.List;

/// The life of a connection: silence, half-close, and the end of the daemon.
final class LifeRows {

  private LifeRows() {}

  static List<Row> rows() {
    return List.of(
        row(
                "IDLE-01",
                "a silent connection is pinged, and closed after as long again",
                LifeRows::silence)
            .on(Setup.IMPATIENT),
        row("IDLE-02", "any message is a sign of life", LifeRows::signOfLife).on(Setup.IMPATIENT),
        row("IDLE-03", "a connection with open calls is not idle", LifeRows::openCalls)
            .on(Setup.IMPATIENT),
        row(
            "HALF-01",
            "in line mode all answers come after FIN, then the daemon closes",
            LifeRows::halfCloseLines),
        row(
            "HALF-02",
            "in frames too, with pings as long as calls are open",
            LifeRows::halfCloseFrames),
        row("HALF-03", "FIN without open calls ends the connection", LifeRows::halfCloseIdle),
        row(
            "HALF-04",
            "a client that has gone altogether after its FIN has its calls cancelled",
            LifeRows::goneAfterFin),
        row("END-01", "a daemon that ends says goodbye and for how long", LifeRows::goodbye)
            .on(Setup.ENDING),
        row(
                "END-02",
                "what it had read it finishes; what comes later is unavailable",
                LifeRows::finishes)
            .on(Setup.ENDING),
        row("END-03", "when the time is up the connections are closed", LifeRows::timeIsUp)
            .on(Setup.ENDING_SOON),
        row("END-04", "it takes no more connections", LifeRows::noMoreConnections)
            .on(Setup.ENDING));
  }

  private static void silence(Trial trial) throws IOException {
    var peer = trial.connect();
    peer.ask(ping(1)).is("pong");
    var started = System.nanoTime();
    peer.receive().is("ping").fields("op");
    peer.demandGoodbye("unavailable");
    var ms = (System.nanoTime() - started) / 1_000_000;
    demand(ms >= 800, "closed after %d ms of silence, not after 1000", ms);
  }

  private static void signOfLife(Trial trial) throws IOException {
    var peer = trial.connect();
    for (var i = 0; i < 3; i++) {
      peer.receive().is("ping");
      peer.send("{\"op\":\"cancel\",\"id\":1}");
    }
    peer.receive().is("ping");
    peer.ask(ping(1)).is("pong");
  }

  private static void openCalls(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    // Longer than the idle time: nothing but its answer may come before.
    peer.send(probe.call(1, "\"defer\"", "\"timeout_ms\":1600"))
        .receive()
        .error(1, "timeout", "maybe");
  }

  private static void halfCloseLines(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connectLines();
    peer.send(probe.call(1, "\"hold\"")).send(probe.call(2, "\"get\"")).endInput();
    probe.awaitHeld();
    probe.release();
    peer.receive().result(1, "\"held\"");
    peer.receive().result(2, "0");
    peer.demandClosed();
  }

  private static void halfCloseFrames(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.send(probe.call(1, "\"hold\"")).send(probe.call(2, "\"get\"")).endInput();
    probe.awaitHeld();
    peer.receive().is("ping").fields("op");
    peer.receive().is("ping").fields("op");
    probe.release();
    pingsThen(peer).result(1, "\"held\"");
    pingsThen(peer).result(2, "0");
    peer.demandClosed();
  }

  private static Answer pingsThen(Peer peer) throws IOException {
    var answer = peer.receive();
    while (answer.op().equals("ping")) {
      answer = peer.receive();
    }
    return answer;
  }

  private static void halfCloseIdle(Trial trial) throws IOException {
    trial.connect().endInput().demandClosed();
    var peer = trial.connectLines();
    peer.ask(ping(1)).is("pong");
    peer.endInput().demandClosed();
  }

  private static void goneAfterFin(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var watch = trial.probe();
    var peer = trial.connect();
    peer.ask(watch.call(1, "\"watch_caller\"")).is("reply");
    peer.send(probe.call(2, "\"hold\""));
    probe.awaitHeld();
    // A close without unread input sends FIN; only what is sent to it then is answered by a reset.
    peer.close();
    Demand.await("the daemon notices", () -> hasLog(watch));
    probe.release();
    demandEqual(probe.log(), "[\"held, waiting false\"]", "the log");
  }

  private static boolean hasLog(Probe probe) {
    try {
      return !probe.log().isEmpty();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void goodbye(Trial trial) throws Exception {
    var frames = trial.connect();
    var lines = trial.connectLines();
    frames.demandQuiet();
    lines.demandQuiet();
    trial.program().terminate();
    for (var peer : List.of(frames, lines)) {
      var goodbye = peer.receive().goodbye("unavailable");
      demandEqual(goodbye.json().path("grace_ms"), "20000", goodbye);
      peer.demandClosed();
    }
    demandEqual(trial.program().awaitEnd(), 0, "the daemon's exit code");
  }

  private static void finishes(Trial trial) throws Exception {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.send(probe.call(1, "\"defer\"", "\"timeout_ms\":60000"));
    peer.send(probe.call(2, "\"defer\"", "\"timeout_ms\":1000")).demandQuiet();
    trial.program().terminate();
    peer.receive().goodbye("unavailable");
    peer.ask(probe.call(3, "\"get\"")).error(3, "unavailable", "no");
    peer.ask(probe.confirmedCast(4, Probe.note("no"))).error(4, "unavailable", "no");
    peer.ask(Requests.monitor(5, probe.name())).error(5, "unavailable", "no");
    // A cast without an id is dropped: it would reply 8 to both.
    peer.send(probe.cast("{\"type\":\"answer\",\"value\":8}"));
    peer.ask(ping(6)).is("pong").id(6);
    peer.receive().error(2, "timeout", "maybe");
    peer.ask(Requests.cancel(1)).error(1, "cancelled", "maybe");
    peer.demandClosed();
    demandEqual(trial.program().awaitEnd(), 0, "the daemon's exit code");
  }

  private static void timeIsUp(Trial trial) throws Exception {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.send(probe.call(1, "\"defer\"", "\"timeout_ms\":60000")).demandQuiet();
    trial.program().terminate();
    var goodbye = peer.receive().goodbye("unavailable");
    demandEqual(goodbye.json().path("grace_ms"), "300", goodbye);
    var rest = peer.rest();
    demand(rest.length == 0 || rest.length > 4, "half a frame came");
    demandEqual(trial.program().awaitEnd(), 0, "the daemon's exit code");
  }

  private static void noMoreConnections(Trial trial) throws Exception {
    var probe = trial.probe();
    var peer = trial.connect();
    peer.send(probe.call(1, "\"defer\"", "\"timeout_ms\":60000")).demandQuiet();
    trial.program().terminate();
    peer.receive().goodbye("unavailable");
    try {
      var refused = trial.connectRaw();
      demandEqual(
          refused.send(call(1, "x", "1")).rest().length, 0, "a connection after the goodbye");
    } catch (IOException _) {
      // Refused by the system, as nobody listens any more.
    }
    peer.ask(Requests.cancel(1)).error(1, "cancelled", "maybe");
  }
}
