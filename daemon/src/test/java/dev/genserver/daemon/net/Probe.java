package dev.genserver.daemon.net;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Request;
import dev.genserver.sdk.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/// A server that does what a test of the wire needs: counts, waits at a gate, crashes, never
/// replies.
final class Probe extends GenServer<Probe.State, Probe.Call, Probe.Cast> {

  /// @param log what was handled, in order
  record State(long total, List<String> log) {
    State add(long by, String entry) {
      var next = new ArrayList<>(log);
      next.add(entry);
      return new State(total + by, List.copyOf(next));
    }
  }

  sealed interface Call {
    record Get() implements Call {}

    record Log() implements Call {}

    record Add(long by) implements Call {}

    /// Waits until the test opens the gate.
    record Wait() implements Call {}

    record NeverReply() implements Call {}

    record Crash(String message) implements Call {}

    record StopNow() implements Call {}

    record Text(int length) implements Call {}

    record Odd() implements Call {}

    record Meta() implements Call {}

    record Trace() implements Call {}

    /// Monitors the caller; its end gets into the log.
    record MonitorMe() implements Call {}

    /// Links to the caller, trapping exits; its end gets into the log.
    record LinkMe() implements Call {}

    /// Sends the caller an exit signal.
    record ExitMe(String reason) implements Call {}

    /// Replies the caller's pid.
    record WhoAmI() implements Call {}
  }

  sealed interface Cast {
    /// Adds one; the padding makes the message long.
    record Count(String padding) implements Cast {}

    record Add(long by) implements Cast {}

    record Wait() implements Cast {}

    /// Logs what came along.
    record Note() implements Cast {}
  }

  final Semaphore gate = new Semaphore(0);
  final CountDownLatch atGate = new CountDownLatch(1);

  @Override
  public Init<State> init(Args args) {
    return ok(new State(0, List.of()));
  }

  @Override
  public CallResult<State> handleCall(Call request, From from, State state) {
    return switch (request) {
      case Call.Get() -> reply(state.total(), state);
      case Call.Log() -> reply(state.log(), state);
      case Call.Add(long by) -> {
        var next = state.add(by, "call " + by);
        yield reply(next.total(), next);
      }
      case Call.Wait() -> {
        waitAtGate();
        yield reply("waited", state);
      }
      case Call.NeverReply() -> noReply(state);
      case Call.Crash(String message) -> throw new IllegalStateException(message);
      case Call.StopNow() -> stop(ExitReason.NORMAL, state);
      case Call.Text(int length) -> reply("x".repeat(length), state);
      case Call.Odd() -> reply(new Object() {}, state);
      case Call.Meta() -> reply(from.meta(), state);
      case Call.Trace() -> reply(from.trace().orElse("none"), state);
      case Call.MonitorMe() -> {
        process().monitor(caller(from));
        yield reply("watching", state);
      }
      case Call.LinkMe() -> {
        process().trapExit(true);
        process().link(caller(from));
        yield reply("linked", state);
      }
      case Call.ExitMe(String reason) -> {
        process().exit(caller(from), ExitReason.of(reason));
        yield reply("sent", state);
      }
      case Call.WhoAmI() -> reply(caller(from).toString(), state);
    };
  }

  private static Pid caller(Request request) {
    return request.caller().orElseThrow();
  }

  @Override
  public Result<State> handleInfo(InfoMessage message, State state) {
    return noReply(
        switch (message) {
          case InfoMessage.Down down -> state.add(0, "down " + down.server() + " " + down.reason());
          case InfoMessage.Exit exit -> state.add(0, "exit " + exit.from() + " " + exit.reason());
          default -> state.add(0, message.toString());
        });
  }

  @Override
  public Result<State> handleCast(Cast message, State state) {
    return switch (message) {
      case Cast.Count _ -> noReply(new State(state.total() + 1, state.log()));
      case Cast.Add(long by) -> noReply(state.add(by, "cast " + by));
      case Cast.Note() -> {
        var request = process().request().orElseThrow();
        yield noReply(
            state.add(
                0,
                "%s %s %s %s"
                    .formatted(
                        request.meta(),
                        request.trace().orElse("none"),
                        request.remaining(),
                        caller(request))));
      }
      case Cast.Wait() -> {
        waitAtGate();
        yield noReply(state);
      }
    };
  }

  private void waitAtGate() {
    atGate.countDown();
    gate.acquireUninterruptibly();
  }
}
