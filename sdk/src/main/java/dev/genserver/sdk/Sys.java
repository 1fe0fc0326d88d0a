package dev.genserver.sdk;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Looks into running servers and holds them still. Got from [Processes#sys]; thread-safe.
///
/// Each request is a message to the server, which answers it between two callbacks: a server that
/// is busy answers later, one that is suspended answers all the same. It waits for its turn behind
/// the messages that were sent before it, so that `getState` after a cast sees what the cast did;
/// see [#urgently]. A server's idle timeout starts anew with each request.
///
/// All methods block, for 5 seconds unless [#within] says otherwise, and throw [CallException] as a
/// call does: with [ExitReason#NOPROC] if nobody is there, [ExitReason#TIMEOUT] if no answer came
/// in time, and the reason with which the server ended otherwise. Processes that run no server,
/// such as tasks, do not answer.
///
/// @otp the module `sys`
public interface Sys {

  /// The same with another time limit.
  Sys within(Duration timeout);

  /// The same, with requests that overtake the messages that wait already. For people who look at a
  /// server that cannot keep up; OTP has no such thing.
  Sys urgently();

  /// The state, as it is: see [GenServer#formatStatus] and [#status] for what may be shown.
  ///
  /// @otp sys:get_state/1,2
  @Nullable Object getState(ServerRef server);

  /// Replaces the state by what `change` makes of it, on the server's thread.
  ///
  /// @return the new state
  /// @throws CallbackFailedException if `change` threw; the server goes on with its old state
  /// @otp sys:replace_state/2,3
  @Nullable Object replaceState(ServerRef server, UnaryOperator<Object> change);

  /// Holds the server still: messages wait until [#resume]. Requests of this interface, a stop, and
  /// the end of its parent still reach it. Suspending a suspended server does nothing.
  ///
  /// @otp sys:suspend/1,2
  void suspend(ServerRef server);

  /// Lets a suspended server go on, with the messages that waited, in their order.
  ///
  /// @otp sys:resume/1,2
  void resume(ServerRef server);

  /// Starts counting from zero, or stops counting.
  ///
  /// @otp sys:statistics/2 with `true` or `false`
  void statistics(ServerRef server, boolean on);

  /// What was counted; empty if nothing is.
  ///
  /// @otp sys:statistics/2 with `get`
  Optional<Statistics> statistics(ServerRef server);

  /// How the server does, with its state as [GenServer#formatStatus] shows it.
  ///
  /// @otp sys:get_status/1,2
  Status status(ServerRef server);

  /// Keeps the last `size` events, or none if that is 0.
  ///
  /// @param size 0 to 10,000
  /// @throws IllegalArgumentException if the size is something else
  /// @otp sys:log/2 with `{true, N}` or `false`
  void log(ServerRef server, int size);

  /// The last events, the oldest first; empty if none are kept.
  ///
  /// @otp sys:log/2 with `get`
  List<Event> log(ServerRef server);

  /// Has `listener` told each event as it happens, on the server's thread, until it throws or is
  /// taken away with [#untrace]. It must be quick and not block.
  ///
  /// @otp sys:install/2,3 and sys:trace/2
  void trace(ServerRef server, Consumer<Event> listener);

  /// Takes a listener away; does nothing if it is not there.
  ///
  /// @otp sys:remove/2,3
  void untrace(ServerRef server, Consumer<Event> listener);

  /// Switches everything off that watches the server: statistics, log, listeners.
  ///
  /// @otp sys:no_debug/1,2
  void noDebug(ServerRef server);

  /// Has a suspended server change its state for new code: [GenServer#codeChange].
  ///
  /// @return empty if it did; else why not, and the server has its old state still: it is not
  ///   suspended, or the callback refused, threw or answered nonsense
  /// @otp sys:change_code/4,5
  Optional<ExitReason> changeCode(ServerRef server, Object oldVersion, @Nullable Object extra);

  /// What a server counted since `started`.
  ///
  /// @param now when this was read
  /// @param busy how long it was at work, which stands for OTP's reductions
  /// @param messagesIn the calls, casts and other messages that it took
  /// @param messagesOut the replies that its callbacks gave
  record Statistics(
      Instant started, Instant now, Duration busy, long messagesIn, long messagesOut) {}

  /// How a server does.
  ///
  /// @param parent the process that started it with a link; itself if none did
  /// @param server the server's class
  /// @param debug what is switched on: `statistics`, `log`, `trace`
  /// @param log the events that are kept
  /// @param state as [GenServer#formatStatus] shows it
  record Status(
      Pid pid,
      Optional<ServerName> name,
      String server,
      boolean suspended,
      Pid parent,
      List<String> debug,
      List<Event> log,
      @Nullable Object state) {}

  /// Something that happened in a server.
  ///
  /// @otp sys:system_event()
  sealed interface Event {

    /// A call was taken from the mailbox.
    record CallIn(Object request, Optional<Pid> from) implements Event {}

    /// A cast was taken from the mailbox.
    record CastIn(Object message) implements Event {}

    /// Another message was taken from the mailbox, or the idle time was over.
    record InfoIn(InfoMessage message) implements Event {}

    /// A continuation begins.
    record Continued(Object continuation) implements Event {}

    /// A callback answered a call with `reply`.
    record Out(@Nullable Object reply, Optional<Pid> to, Object state) implements Event {}

    /// A callback ended without a reply.
    record NoReply(Object state) implements Event {}
  }

  /// A function that was to run in a server threw. The server goes on.
  ///
  /// @otp the error `{callback_failed, ...}` of sys:replace_state
  final class CallbackFailedException extends RuntimeException {

    public CallbackFailedException(ServerRef server, String callback, Throwable cause) {
      super(
          "callback_failed: %s in %s threw %s; it goes on with its old state"
              .formatted(callback, server, cause),
          cause);
    }
  }
}
