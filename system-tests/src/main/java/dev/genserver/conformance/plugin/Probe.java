package dev.genserver.conformance.plugin;

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
import dev.genserver.sdk.ServerRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Does what it is told, and remembers what it was told, in order.
public final class Probe extends GenServer<Probe.State, Probe.Call, Probe.Cast> {

  /// What it remembers.
  ///
  /// @param log what was handled, in order
  public record State(String name, long count, List<String> log) {

    State note(String entry) {
      var next = new ArrayList<>(log);
      next.add(entry);
      return new State(name, count, List.copyOf(next));
    }

    State add(long by) {
      return new State(name, count + by, log);
    }
  }

  /// Whom it owes a reply. Beside the state, which operators may read and replace as JSON.
  private final List<From> deferred = new ArrayList<>();

  /// How a probe can be told to end.
  public enum End {
    NORMAL,
    SHUTDOWN,
    SHUTDOWN_WITH_DETAIL,
    OTHER
  }

  public sealed interface Call {

    /// Replies the value.
    record Echo(Object value) implements Call {}

    /// Replies what was counted.
    record Get() implements Call {}

    /// Counts, and replies the sum.
    record Count(long by) implements Call {}

    /// Puts the tag into the log, and replies it.
    record Note(String tag) implements Call {}

    /// Replies the log.
    record Log() implements Call {}

    /// Waits at the gate, then notes whether its caller still waits, and replies.
    record Hold() implements Call {}

    /// Puts off its reply.
    record Defer() implements Call {}

    /// Replies a text of that length.
    record Text(int length) implements Call {}

    /// Replies what cannot be written as JSON.
    record Odd() implements Call {}

    /// Throws.
    record Crash(String message) implements Call {}

    /// Ends without a reply.
    record Stop(End reason) implements Call {}

    /// Replies `meta` and `trace` as they came.
    record Context() implements Call {}

    /// Replies how many milliseconds its caller still waits.
    record Remaining() implements Call {}

    /// Calls another probe for what [Remaining] replies there.
    record Nested(String to, long timeoutMs) implements Call {}

    /// Replies the pid that stands for the caller's connection.
    record Caller() implements Call {}

    /// Monitors the caller's connection; its end gets into the log.
    record WatchCaller() implements Call {}

    /// Sends the caller's connection a message, which it cannot take.
    record SendToCaller() implements Call {}

    /// Ends the caller's connection.
    record EndCaller() implements Call {}
  }

  public sealed interface Cast {
    record Note(String tag) implements Cast {}

    record Count(long by) implements Cast {}

    /// Counts one; the padding makes the message long.
    record Pad(String padding) implements Cast {}

    record Hold() implements Cast {}

    /// Replies to all whom it owes a reply.
    record Answer(Object value) implements Cast {}

    record Crash(String message) implements Cast {}

    /// Notes `meta` and `trace` as they came.
    record Context() implements Cast {}
  }

  @Override
  public Init<State> init(Args args) {
    return ok(new State(args.stringOr("name", ""), 0, List.of()));
  }

  @Override
  public CallResult<State> handleCall(Call request, From from, State state) {
    return switch (request) {
      case Call.Echo(Object value) -> reply(value, state);
      case Call.Get() -> reply(state.count(), state);
      case Call.Count(long by) -> reply(state.count() + by, state.add(by));
      case Call.Note(String tag) -> reply(tag, state.note(tag));
      case Call.Log() -> reply(state.log(), state);
      case Call.Hold() -> {
        hold(state);
        yield reply("held", state.note("held, waiting " + from.isWaiting()));
      }
      case Call.Defer() -> {
        deferred.add(from);
        yield noReply(state);
      }
      case Call.Text(int length) -> reply("x".repeat(length), state);
      case Call.Odd() -> reply(new Object() {}, state);
      case Call.Crash(String message) -> throw new IllegalStateException(message);
      case Call.Stop(End reason) -> stop(reason(reason), state);
      case Call.Context() -> reply(context(from), state);
      case Call.Remaining() -> reply(remaining(from), state);
      case Call.Nested(String to, long timeoutMs) ->
          reply(
              process()
                  .call(
                      ServerRef.named(to),
                      new Call.Remaining(),
                      Long.class,
                      Duration.ofMillis(timeoutMs)),
              state);
      case Call.Caller() -> reply(caller(from).toString(), state);
      case Call.WatchCaller() -> {
        process().monitor(caller(from));
        yield reply("watching", state);
      }
      case Call.SendToCaller() -> {
        process().send(caller(from), "hello");
        yield reply("sent", state);
      }
      case Call.EndCaller() -> {
        process().exit(caller(from), ExitReason.of("told to"));
        yield reply("ended", state);
      }
    };
  }

  @Override
  public Result<State> handleCast(Cast message, State state) {
    return switch (message) {
      case Cast.Note(String tag) -> noReply(state.note(tag));
      case Cast.Count(long by) -> noReply(state.add(by));
      case Cast.Pad _ -> noReply(state.add(1));
      case Cast.Hold() -> {
        hold(state);
        yield noReply(state);
      }
      case Cast.Answer(Object value) -> {
        deferred.forEach(from -> from.reply(value));
        deferred.clear();
        yield noReply(state);
      }
      case Cast.Crash(String text) -> throw new IllegalStateException(text);
      case Cast.Context() -> {
        var request = process().request().orElseThrow();
        yield noReply(state.note(context(request).toString()));
      }
    };
  }

  @Override
  public Result<State> handleInfo(InfoMessage message, State state) {
    return noReply(
        message instanceof InfoMessage.Down down
            ? state.note("down " + down.reason())
            : state.note(message.toString()));
  }

  private static void hold(State state) {
    try {
      Gate.of(state.name()).pass();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ExitReason reason(End end) {
    return switch (end) {
      case NORMAL -> ExitReason.NORMAL;
      case SHUTDOWN -> ExitReason.SHUTDOWN;
      case SHUTDOWN_WITH_DETAIL -> ExitReason.shutdown("moving house");
      case OTHER -> ExitReason.of("x".repeat(10_000));
    };
  }

  private static Map<String, Object> context(Request request) {
    return Map.of("meta", request.meta(), "trace", request.trace().orElse("none"));
  }

  private static @Nullable Long remaining(From from) {
    return from.remaining().map(Duration::toMillis).orElse(null);
  }

  private static Pid caller(Request request) {
    return request.caller().orElseThrow();
  }
}
