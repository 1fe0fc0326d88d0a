package dev.genserver.examples.chat;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import java.util.regex.Pattern;

/// The way in: opens rooms. What is said in a room goes to the room itself, a process named
/// `chat/lobby` for the room `lobby`, so that a busy room holds up nobody else.
///
/// Its arguments are handed to each [Room]. Takes no casts.
public final class Chat extends GenServer<Chat.State, Chat.Call, Void> {

  /// The name of the supervisor of the rooms.
  static final String ROOMS = "chat-rooms";

  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_-]{1,40}");

  /// All that it needs to know.
  ///
  /// @param roomArgs what each room is started with
  public record State(Args roomArgs) {}

  public sealed interface Call {

    /// Starts the room unless it is there, and replies an [Opened]. The room waits a while for its
    /// first member.
    ///
    /// @param room 1 to 40 letters, digits, `_` and `-`
    record Open(String room) implements Call {
      public Open {
        if (!NAME.matcher(room).matches()) {
          throw new IllegalArgumentException(
              "room '" + room + "' must be 1 to 40 letters, digits, '_' or '-'");
        }
      }
    }

    /// Replies how many rooms there are.
    record Rooms() implements Call {}
  }

  /// What came of [Call.Open].
  public sealed interface OpenReply {

    /// The room is there.
    ///
    /// @param to the name of its process
    record Opened(String to) implements OpenReply {}

    /// There are too many rooms.
    record Refused(String message) implements OpenReply {}
  }

  @Override
  public Init<State> init(Args args) {
    return ok(new State(args));
  }

  @Override
  public CallResult<State> handleCall(Call request, From from, State state) {
    return switch (request) {
      case Call.Open(String room) -> reply(open("chat/" + room, state.roomArgs()), state);
      case Call.Rooms() ->
          reply(
              process().dynamicSupervisor(ServerRef.named(ROOMS)).countChildren().active(), state);
    };
  }

  /// Two who open a room at once get the same one: the second start finds the name taken.
  private static OpenReply open(String name, Args args) {
    var room =
        ChildSpec.worker(name, Room::new, StartOptions.named(name).args(args))
            .restart(Restart.TRANSIENT);
    return switch (process().dynamicSupervisor(ServerRef.named(ROOMS)).startChild(room)) {
      case StartResult.Ok _, StartResult.AlreadyStarted _ -> new OpenReply.Opened(name);
      case StartResult.Failed(ExitReason reason) -> new OpenReply.Refused("not opened: " + reason);
      case StartResult.Ignore() -> throw new AssertionError("a room never says ignore");
    };
  }
}
