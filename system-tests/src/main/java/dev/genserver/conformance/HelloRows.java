package dev.genserver.conformance;

import static dev.genserver.conformance.Demand.demand;
import static dev.genserver.conformance.Demand.demandEqual;
import static dev.genserver.conformance.Requests.ping;
import static dev.genserver.conformance.Row.row;

import dev.genserver.conformance.Trial.Skipped;
import java.io.IOException;
import java.util.Collections;
import java.util.List;

/// `hello` and `welcome`, `ping` and `pong`.
final class HelloRows {

  private HelloRows() {}

  static List<Row> rows() {
    return List.of(
        row("HELLO-01", "hello is answered with welcome, the limits and all", HelloRows::welcome),
        row("HELLO-02", "of several versions the one that is spoken is taken", HelloRows::versions),
        row(
            "HELLO-03",
            "with no version in common the daemon says so and closes",
            HelloRows::noVersion),
        row("HELLO-04", "hello may come late, again, or never", HelloRows::late),
        row("HELLO-05", "client and each of its fields are optional", HelloRows::client),
        row("HELLO-06", "welcome tells the node as pids begin", HelloRows::node),
        row("HELLO-07", "welcome tells the limits that are set", HelloRows::limits).on(Setup.TIGHT),
        row("PING-01", "ping is answered with pong and its id", HelloRows::pong),
        row("PING-02", "a ping without an id is answered without one", HelloRows::pongWithoutId),
        row("PING-03", "nobody is punished for many pings", HelloRows::manyPings));
  }

  private static void welcome(Trial trial) throws IOException {
    var welcome = trial.connect().ask(Requests.hello("h")).is("welcome").id("h");
    demandEqual(welcome.json().path("version"), "1", welcome);
    demand(!welcome.text("server").isEmpty(), "no server in %s", welcome);
    demand(!welcome.text("node").isEmpty(), "no node in %s", welcome);
    var limits = welcome.json().path("limits");
    demandEqual(
        limits.propertyNames(),
        "[max_frame, max_in_flight, max_timeout_ms, default_timeout_ms, idle_ms]",
        welcome);
    for (var limit : limits) {
      demand(limit.isIntegralNumber() && limit.asLong() > 0, "no limit: %s in %s", limit, welcome);
    }
    demandEqual(limits.path("default_timeout_ms"), "5000", welcome);
  }

  private static void limits(Trial trial) throws IOException {
    var welcome = trial.connect().ask(Requests.hello(1)).is("welcome");
    demandEqual(
        welcome.json().path("limits"),
        "{\"max_frame\":4096,\"max_in_flight\":3,\"max_timeout_ms\":2000,"
            + "\"default_timeout_ms\":2000,\"idle_ms\":90000}",
        welcome);
  }

  private static void versions(Trial trial) throws IOException {
    var peer = trial.connect();
    for (var versions : List.of("[1]", "[2,1]", "[1,99,-5]")) {
      var hello = "{\"op\":\"hello\",\"id\":1,\"versions\":%s}".formatted(versions);
      demandEqual(peer.ask(hello).is("welcome").json().path("version"), "1", versions);
    }
  }

  private static void noVersion(Trial trial) throws IOException {
    for (var versions : List.of("[2]", "[]", "[0,-1,2147483648]")) {
      var peer = trial.connect();
      peer.ask("{\"op\":\"hello\",\"id\":1,\"versions\":%s}".formatted(versions))
          .error(1, "unsupported_version", "no")
          .detail("supported", "[1]");
      peer.demandClosed();
    }
  }

  private static void late(Trial trial) throws IOException {
    var peer = trial.connect();
    peer.ask(ping(1)).is("pong");
    peer.ask(Requests.hello(2)).is("welcome").id(2);
    peer.ask(Requests.hello(3)).is("welcome").id(3);
    peer.ask(ping(4)).is("pong");
  }

  private static void client(Trial trial) throws IOException {
    var peer = trial.connect();
    for (var client : List.of("{}", "{\"name\":\"shop\"}", "{\"lang\":\"go\",\"version\":\"1\"}")) {
      peer.ask(Requests.with(Requests.hello(1), "\"client\":" + client)).is("welcome");
    }
  }

  private static void node(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var welcome = trial.connect().ask(Requests.hello(1)).is("welcome");
    demand(
        probe.pid().startsWith("<" + welcome.text("node") + "."),
        "pid %s does not begin with the node of %s",
        probe.pid(),
        welcome);
  }

  private static void pong(Trial trial) throws IOException {
    var peer = trial.connect();
    peer.ask(ping(7)).is("pong").id(7).fields("op", "id");
    peer.ask(ping("seven")).is("pong").id("seven").fields("op", "id");
  }

  private static void pongWithoutId(Trial trial) throws IOException {
    trial.connect().ask("{\"op\":\"ping\"}").is("pong").fields("op");
  }

  private static void manyPings(Trial trial) throws IOException {
    var peer = trial.connect();
    for (var burst = 0; burst < 20; burst++) {
      peer.sendTogether(Collections.nCopies(1000, "{\"op\":\"ping\"}"));
      for (var i = 0; i < 1000; i++) {
        peer.receive().is("pong");
      }
    }
    peer.demandQuiet();
  }
}
