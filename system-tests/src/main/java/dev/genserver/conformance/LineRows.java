package dev.genserver.conformance;

import static dev.genserver.conformance.Demand.demand;
import static dev.genserver.conformance.Requests.ping;
import static dev.genserver.conformance.Row.row;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.genserver.conformance.Trial.Skipped;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Line mode.
final class LineRows {

  private LineRows() {}

  static List<Row> rows() {
    return List.of(
        row("LINE-01", "a connection that begins with { is answered in lines", LineRows::lines),
        row("LINE-02", "a CR before the LF is dropped", LineRows::carriageReturn),
        row("LINE-03", "empty lines are skipped", LineRows::emptyLines),
        row("LINE-04", "the last line needs no LF", LineRows::lastLine),
        row("LINE-05", "a line may be split at every byte", LineRows::split),
        row("LINE-06", "many lines in one packet are each answered", LineRows::together),
        row("LINE-07", "a line of exactly the limit is taken, with CR too", LineRows::longest),
        row("LINE-08", "a longer line is frame_too_large, then close", LineRows::tooLong),
        row("LINE-09", "a wrong line is answered, and the connection lives on", LineRows::wrong),
        row("LINE-10", "line mode is for good: a frame is then a wrong line", LineRows::forGood),
        row("LINE-11", "hello and calls work as in frames", LineRows::sameMessages),
        row(
            "LINE-12",
            "a goodbye, too, is a line",
            trial ->
                trial
                    .connectLines()
                    .bytes("{".repeat(FramingRows.maxFrame(trial) + 2).getBytes(UTF_8))
                    .receive()
                    .goodbye("frame_too_large")));
  }

  private static void lines(Trial trial) throws IOException {
    var peer = trial.connectLines();
    peer.ask(ping(1)).is("pong").id(1);
    peer.ask(ping("two")).is("pong").id("two");
  }

  private static void carriageReturn(Trial trial) throws IOException {
    trial.connectLines().ask(ping(1) + "\r").is("pong").id(1);
  }

  private static void emptyLines(Trial trial) throws IOException {
    var peer = trial.connectLines();
    peer.ask(ping(1)).is("pong");
    peer.bytes("\n\r\n\n".getBytes(UTF_8));
    peer.demandQuiet();
  }

  private static void lastLine(Trial trial) throws IOException {
    var peer = trial.connectLines();
    peer.bytes(ping(7).getBytes(UTF_8)).endInput();
    peer.receive().is("pong").id(7);
    peer.demandClosed();
  }

  private static void split(Trial trial) throws IOException {
    var peer = trial.connectLines();
    var line = (ping("ü") + "\r\n").getBytes(UTF_8);
    for (var at = 1; at < line.length; at++) {
      peer.bytes(Arrays.copyOf(line, at));
      peer.bytes(Arrays.copyOfRange(line, at, line.length));
      peer.receive().is("pong").id("ü");
    }
  }

  private static void together(Trial trial) throws IOException {
    var peer = trial.connectLines();
    peer.sendTogether(IntStream.range(0, 200).mapToObj(Requests::ping).toList());
    for (var id = 0; id < 200; id++) {
      peer.receive().is("pong").id(id);
    }
    peer.demandQuiet();
  }

  private static void longest(Trial trial) throws IOException {
    var line = FramingRows.padded(FramingRows.maxFrame(trial));
    var peer = trial.connectLines();
    peer.ask(line).is("pong");
    peer.ask(line + "\r").is("pong");
    peer.demandQuiet();
  }

  private static void tooLong(Trial trial) throws IOException {
    var line = FramingRows.padded(FramingRows.maxFrame(trial) + 1);
    trial.connectLines().send(line).demandGoodbye("frame_too_large");
  }

  private static void wrong(Trial trial) throws IOException {
    var peer = trial.connectLines();
    peer.ask("{oops").error("bad_request", "no");
    peer.ask("oops").error("bad_request", "no");
    peer.demandQuiet();
  }

  private static void forGood(Trial trial) throws IOException {
    var peer = trial.connectLines();
    peer.ask(ping(1)).is("pong");
    peer.bytes(Peer.frame(ping(2))).bytes("\n".getBytes(UTF_8));
    peer.receive().error("bad_request", "no");
    peer.demandQuiet();
  }

  private static void sameMessages(Trial trial) throws IOException, Skipped {
    var probe = trial.probe();
    var peer = trial.connectLines();
    peer.ask(Requests.hello(1)).is("welcome").id(1);
    peer.ask(probe.call(2, Probe.echo("\"line\\nfeed\""))).result(2, "\"line\\nfeed\"");
    var monitored = peer.ask(Requests.monitor(3, probe.name())).is("ok").id(3);
    peer.send(probe.cast(Probe.crash("told to")));
    var down = peer.receive().is("down");
    demand(
        down.text("ref").equals(monitored.json().path("result").path("ref").asString()),
        "another ref than that of %s: %s",
        monitored,
        down);
  }
}
