package dev.genserver.examples.chat;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Result;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// A room: who is in it, what happened in it last, and who waits for what happens next.
///
/// A member is a connection, which the room monitors: a client that is gone has left. Listening is
/// asking for what came after an event, and waiting until there is something; it needs no
/// membership. A room without members or listeners ends after a while. [Limits] lists the
/// arguments. Takes no casts.
public final class Room extends GenServer<Room.State, Room.Call, Void> {

  private static final int MAX_TEXT = 4_096;
  private static final int MAX_NAME = 40;

  /// A room. Immutable.
  ///
  /// @param members in the order in which they came
  /// @param listeners calls that wait for the next event
  public record State(Limits limits, List<Member> members, History history, List<From> listeners) {

    Optional<Member> member(Pid connection) {
      return members.stream().filter(member -> member.connection().equals(connection)).findFirst();
    }

    boolean hasMemberCalled(String name) {
      return members.stream().anyMatch(member -> member.name().equals(name));
    }

    State with(Member member) {
      return new State(limits, plus(members, member), history, listeners);
    }

    State without(Member member) {
      var others = members.stream().filter(other -> !other.equals(member)).toList();
      return new State(limits, others, history, listeners);
    }

    /// Adds the event, and tells it to all who listen.
    State with(Event event) {
      var next = history.with(event);
      var heard = next.since(history.last());
      listeners.forEach(listener -> listener.reply(heard));
      return new State(limits, members, next, List.of());
    }

    State listening(From listener) {
      return new State(limits, members, history, plus(listeners, listener));
    }

    State withoutGone() {
      return new State(
          limits, members, history, listeners.stream().filter(From::isWaiting).toList());
    }

    boolean hasCompany() {
      return !members.isEmpty() || !listeners.isEmpty();
    }
  }

  /// Somebody in the room.
  ///
  /// @param connection the process that stands for it
  /// @param monitor tells when the connection is gone
  public record Member(Pid connection, String name, MonitorRef monitor) {}

  public sealed interface Call {

    /// Makes the connection a member, and replies a [Reply].
    record Join(String name) implements Call {
      public Join {
        requireLength("name", name, MAX_NAME);
      }
    }

    /// Ends the connection's membership, and replies a [Reply].
    record Leave() implements Call {}

    /// Says something to all; replies a [Reply].
    record Say(String text) implements Call {
      public Say {
        requireLength("text", text, MAX_TEXT);
      }
    }

    /// Replies the names of the members, in the order in which they came.
    record Members() implements Call {}

    /// Waits until there are events beyond the first `after`, and replies them as [Heard]; or a
    /// [Reply.Refused].
    record Listen(long after) implements Call {
      public Listen {
        if (after < 0) {
          throw new IllegalArgumentException("after " + after + " must be 0 or more");
        }
      }
    }
  }

  /// What came of a call.
  public sealed interface Reply {

    /// It is done.
    ///
    /// @param last the number of the last event: listen after it to hear the next
    record Done(long last) implements Reply {}

    /// It cannot be.
    record Refused(String message) implements Reply {}
  }

  /// What happened in a room.
  public sealed interface Event {

    record Joined(String name) implements Event {}

    record Left(String name) implements Event {}

    record Said(String name, String text) implements Event {}
  }

  /// What a listener had not heard.
  ///
  /// @param missed how many events before these are not kept any more
  /// @param last the number of the last of these: listen after it to hear the next
  public record Heard(List<Event> events, long missed, long last) {}

  @Override
  public Init<State> init(Args args) {
    var limits = Limits.of(args);
    return ok(new State(limits, List.of(), History.ofSize(limits.history()), List.of()))
        .timeout(limits.idle());
  }

  @Override
  public CallResult<State> handleCall(Call request, From from, State state) {
    return switch (request) {
      case Call.Join(String name) -> join(name, from, state);
      case Call.Leave() -> asMember(from, state, Room::leave);
      case Call.Say(String text) ->
          asMember(from, state, (member, room) -> room.with(new Event.Said(member.name(), text)));
      case Call.Members() -> answer(state.members().stream().map(Member::name).toList(), state);
      case Call.Listen(long after) -> listen(after, from, state);
    };
  }

  @Override
  public Result<State> handleInfo(InfoMessage message, State state) {
    return switch (message) {
      case InfoMessage.Down(_, Pid connection, _) ->
          goOn(state.member(connection).map(member -> leave(member, state)).orElse(state));
      case InfoMessage.Timeout() -> {
        var present = state.withoutGone();
        yield present.hasCompany() ? goOn(present) : stop(ExitReason.NORMAL, present);
      }
      case InfoMessage other -> super.handleInfo(other, state);
    };
  }

  /// Shows neither who is there nor what they said.
  @Override
  public Object formatStatus(State state) {
    return Map.of(
        "members", state.members().size(),
        "listeners", state.listeners().size(),
        "last", state.history().last());
  }

  private static CallResult<State> join(String name, From from, State state) {
    if (from.caller().isEmpty()) {
      return refuse("only a connection or a process can join", state);
    }
    var connection = from.caller().get();
    if (state.member(connection).isPresent()) {
      return refuse("you are here already", state);
    }
    if (state.hasMemberCalled(name)) {
      return refuse("there is a '" + name + "' already", state);
    }
    if (state.members().size() >= state.limits().members()) {
      return refuse("the room is full: max-members is " + state.limits().members(), state);
    }
    var member = new Member(connection, name, process().monitor(connection));
    return done(state.with(member).with(new Event.Joined(name)));
  }

  private static State leave(Member member, State state) {
    process().demonitor(member.monitor());
    return state.without(member).with(new Event.Left(member.name()));
  }

  private static CallResult<State> asMember(
      From from, State state, BiFunction<Member, State, State> action) {
    return from.caller()
        .flatMap(state::member)
        .map(member -> done(action.apply(member, state)))
        .orElseGet(() -> refuse("join first, over the same connection", state));
  }

  private static CallResult<State> listen(long after, From from, State before) {
    var last = before.history().last();
    if (after > last) {
      return refuse(
          "there is no event %d, the last is %d; this room began anew".formatted(after, last),
          before);
    }
    if (after < last) {
      return answer(before.history().since(after), before);
    }
    var state = before.withoutGone();
    if (state.listeners().size() >= state.limits().listeners()) {
      return refuse("too many listen: max-listeners is " + state.limits().listeners(), state);
    }
    return goOn(state.listening(from));
  }

  // Each answer starts the idle time anew.

  private static CallResult<State> done(State state) {
    return answer(new Reply.Done(state.history().last()), state);
  }

  private static CallResult<State> refuse(String why, State state) {
    return answer(new Reply.Refused(why), state);
  }

  private static CallResult<State> answer(Object value, State state) {
    return reply(value, state).timeout(state.limits().idle());
  }

  private static Result<State> goOn(State state) {
    return noReply(state).timeout(state.limits().idle());
  }

  private static <T> List<T> plus(List<T> list, T last) {
    return Stream.concat(list.stream(), Stream.of(last)).toList();
  }

  private static void requireLength(String what, String text, int most) {
    if (text.isBlank() || text.length() > most) {
      throw new IllegalArgumentException(
          "%s must be 1 to %,d characters and not blank, has %,d"
              .formatted(what, most, text.length()));
    }
  }
}
