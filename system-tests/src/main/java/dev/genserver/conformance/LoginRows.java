package dev.genserver.conformance;

import static dev.genserver.conformance.Demand.demand;
import static dev.genserver.conformance.Demand.demandEqual;
import static dev.genserver.conformance.Requests.call;
import static dev.genserver.conformance.Requests.ping;
import static dev.genserver.conformance.Row.row;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.genserver.conformance.Trial.Skipped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Logins, rights, and TLS.
final class LoginRows {

  private static final int MOST_BEFORE_LOGIN = 16 * 1024;

  private LoginRows() {}

  static List<Row> rows() {
    return List.of(
        row("LOGIN-01", "a token lets in, and welcome names the principal", LoginRows::welcome)
            .on(Setup.GUARDED),
        row(
                "LOGIN-02",
                "what is wrong or missing is unauthenticated, with the id, then close",
                LoginRows::unauthenticated)
            .on(Setup.GUARDED),
        row("LOGIN-03", "requests may follow the hello without waiting", LoginRows::pipelined)
            .on(Setup.GUARDED),
        row(
                "LOGIN-04",
                "before the login a frame has at most 16 KiB, after it as much as any",
                LoginRows::shortFrames)
            .on(Setup.GUARDED),
        row(
                "LOGIN-05",
                "who does not log in in time is told so, and the daemon closes",
                LoginRows::tooLate)
            .on(Setup.GUARDED),
        row(
                "RIGHT-01",
                "what is not allowed is forbidden, and the connection lives on",
                LoginRows::forbidden)
            .on(Setup.GUARDED),
        row(
                "RIGHT-02",
                "forbidden does not tell whether somebody has the name",
                LoginRows::nothingIsRevealed)
            .on(Setup.GUARDED),
        row("RIGHT-03", "processes under sys. take the right to administer", LoginRows::admin)
            .on(Setup.GUARDED),
        row("TLS-01", "with a certificate the port speaks TLS 1.3 and 1.2", LoginRows::versions)
            .on(Setup.ENCRYPTED),
        row("TLS-02", "plain frames and lines on it are told so in a goodbye", LoginRows::plain)
            .on(Setup.ENCRYPTED),
        row("TLS-03", "an HTTP request on it is told so with a 400", LoginRows::http)
            .on(Setup.ENCRYPTED),
        row(
                "TLS-04",
                "what begins like TLS and is none ends the connection",
                LoginRows::brokenHandshake)
            .on(Setup.ENCRYPTED));
  }

  private static String hello(Object id, String token) {
    return Requests.with(Requests.hello(id), "\"token\":\"%s\"".formatted(token));
  }

  private static void welcome(Trial trial) throws IOException, Skipped {
    for (var name : List.of("operator", "guest")) {
      var welcome = trial.connectRaw().ask(hello("h", trial.token(name))).is("welcome").id("h");
      demandEqual(welcome.text("principal"), name, welcome);
    }
  }

  /// Each failure makes the next answer wait longer: all at once, then.
  private static void unauthenticated(Trial trial) throws IOException, Skipped {
    var token = trial.token("guest");
    var peers = new ArrayList<Peer>();
    for (var first :
        List.of(
            hello(1, token.substring(0, token.length() - 1) + (token.endsWith("A") ? "B" : "A")),
            hello(1, "nonsense"),
            Requests.hello(1),
            call(1, "conformance", "1"),
            ping(1))) {
      // What follows is not listened to any more.
      peers.add(trial.connectRaw().send(first).send(hello(2, token)));
    }
    for (var peer : peers) {
      peer.receive().error(1, "unauthenticated", "no");
      peer.demandClosed();
    }
  }

  private static void pipelined(Trial trial) throws IOException, Skipped {
    var peer = trial.connectRaw();
    peer.sendTogether(List.of(hello(1, trial.token("operator")), ping(2), ping(3)));
    peer.receive().is("welcome").id(1);
    peer.receive().is("pong").id(2);
    peer.receive().is("pong").id(3);
  }

  private static void shortFrames(Trial trial) throws IOException, Skipped {
    trial
        .connectRaw()
        .hex("%08x".formatted(MOST_BEFORE_LOGIN + 1))
        .demandGoodbye("frame_too_large");
    var peer = trial.connectRaw();
    var empty = Requests.with(hello(1, trial.token("operator")), "\"pad\":\"\"");
    var longest =
        empty.replace(
            "\"pad\":\"\"", "\"pad\":\"" + "x".repeat(MOST_BEFORE_LOGIN - empty.length()) + "\"");
    peer.ask(longest).is("welcome").id(1);
    peer.ask(FramingRows.padded(MOST_BEFORE_LOGIN + 1)).is("pong");
  }

  private static void tooLate(Trial trial) throws IOException {
    trial.connectRaw().demandGoodbye("unauthenticated");
    trial.connectRaw().hex("000000").demandGoodbye("unauthenticated");
  }

  private static void forbidden(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var guest = guest(trial);
    guest.ask(probe.call(1, Probe.echo("1"))).result(1, "1");
    guest.ask(call(2, "conformance-probes", "1")).error(2, "forbidden", "no");
    guest.ask(probe.confirmedCast(3, Probe.count(1))).error(3, "forbidden", "no");
    guest.ask(Requests.monitor(4, probe.name())).error(4, "forbidden", "no");
    guest.send(probe.cast(Probe.count(1))).demandQuiet();
    guest.ask(call(5, probe.pid(), Probe.echo("1"))).result(5, "1");
    demandEqual(probe.counted(), 0, "the count");
  }

  private static Peer guest(Trial trial) throws IOException, Skipped {
    var peer = trial.connectRaw();
    peer.ask(hello("guest", trial.token("guest"))).is("welcome");
    return peer;
  }

  private static void nothingIsRevealed(Trial trial) throws IOException, Skipped {
    trial.probe();
    var guest = guest(trial);
    var there = guest.ask(call(1, "conformance", "1")).error(1, "forbidden", "no");
    var nobody = guest.ask(call(1, "conformancf", "1")).error(1, "forbidden", "no");
    demandEqual(nobody.toString().replace("conformancf", "conformance"), there.toString(), nobody);
    var near = guest.ask(call(2, "conformance.x", "1")).error(2, "noproc", "no");
    demand(
        !near.toString().contains("conformance-probes"), "a name that it may not know: %s", near);
  }

  private static void admin(Trial trial) throws IOException, Skipped {
    guest(trial).ask(call(1, "sys.processes", "\"tree\"")).error(1, "forbidden", "no");
    trial.connect().ask(call(1, "sys.processes", "\"tree\"")).is("reply").id(1);
  }

  private static void versions(Trial trial) throws IOException, Skipped {
    for (var version : List.of("TLSv1.3", "TLSv1.2")) {
      var peer = trial.connectTls(version);
      peer.ask(Requests.hello(1)).is("welcome");
      peer.demandQuiet();
    }
    trial.connectLines().demandQuiet();
    var probe = trial.probe();
    trial.connect().ask(probe.call(1, Probe.text(500_000))).is("reply").id(1);
  }

  private static void plain(Trial trial) throws IOException {
    var framed = trial.connectPlain(Peer.Format.FRAMES).send(ping(1)).demandGoodbye("bad_frame");
    demand(framed.text("message").contains("TLS"), "TLS is not named: %s", framed);
    trial.connectPlain(Peer.Format.LINES).send(ping(1)).demandGoodbye("bad_frame");
  }

  private static void http(Trial trial) throws IOException {
    var peer = trial.connectPlain(Peer.Format.FRAMES);
    var answer = new String(peer.bytes("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8)).rest(), UTF_8);
    demand(
        answer.startsWith("HTTP/1.1 400 ") && answer.contains("TLS"),
        "a 400 that names TLS was expected, not: %s",
        answer);
  }

  private static void brokenHandshake(Trial trial) throws IOException {
    for (var bytes : List.of("160301000501000001ff", "16ffffffffffffffff", "1603010002ffff")) {
      trial.connectPlain(Peer.Format.FRAMES).hex(bytes).endInput().rest();
    }
    trial.connect().demandQuiet();
  }
}
