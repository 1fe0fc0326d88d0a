package dev.genserver.sdk;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// A server process: a state, and callbacks that take it in and give the next one out.
///
/// The runtime calls one callback at a time, each on a virtual thread, so a callback may block; it
/// blocks only its own process. One that computes for long is declared, see
/// [StartOptions#cpuBound(boolean)]. A callback may throw anything: the process then ends with the
/// state from before that callback, and its supervisor decides. Do not catch what you cannot mend.
///
/// Callbacks must not change the state in place. They return the next state, so that a crash leaves
/// no half-made change behind.
///
/// @param <S> the state; best a record of the server's own
/// @param <C> the requests of [#handleCall]; best a sealed interface of records
/// @param <M> the messages of [#handleCast]; best a sealed interface of records
/// @otp gen_server, as Elixir's GenServer presents it
public abstract class GenServer<S, C, M> {

  private static final System.Logger LOG = System.getLogger(GenServer.class.getName());

  /// Invoked once, when the process starts. Whoever starts the process waits until this returns.
  ///
  /// - [#ok]: the process runs on with that state.
  /// - [#ignore]: the process ends at once, as `normal`; the starter is told so and not harmed.
  /// - [#stop(ExitReason)]: the start fails with the reason; a linked starter gets it as an exit
  ///   signal.
  /// - [#error(ExitReason)]: the start fails with the reason; a linked starter is not harmed.
  ///
  /// [#terminate] is not called for a start that fails.
  ///
  /// @otp gen_server:init/1
  public abstract Init<S> init(Args args);

  /// Invoked when a call arrives. The caller waits until it is answered.
  ///
  /// - [#reply]: answers, and goes on with the state.
  /// - [#noReply]: goes on; the caller waits until [From#reply] is called, here or later, from any
  ///   thread.
  /// - [#stop(ExitReason, Object)]: ends the process; the caller fails with the reason. With
  ///   [Result.Stop#replying] it gets a reply first, after [#terminate].
  ///
  /// Not overridden, a call ends the process with an error that says so.
  ///
  /// @otp gen_server:handle_call/3
  public CallResult<S> handleCall(C request, From from, S state) {
    throw new MissingCallbackException(getClass(), "handleCall", request);
  }

  /// Invoked when a cast arrives. Not overridden, a cast ends the process with an error that says
  /// so.
  ///
  /// @otp gen_server:handle_cast/2
  public Result<S> handleCast(M message, S state) {
    throw new MissingCallbackException(getClass(), "handleCast", message);
  }

  /// Invoked for everything else: plain messages, idle timeouts, exits of linked processes where
  /// exits are trapped, and ends of monitored ones.
  ///
  /// Not overridden, the message is logged as an error and the process goes on.
  ///
  /// @otp gen_server:handle_info/2
  public Result<S> handleInfo(InfoMessage message, S state) {
    LOG.log(
        Level.ERROR,
        "unexpected message server={0} message={1}; override handleInfo to take it",
        getClass().getName(),
        message);
    return noReply(state);
  }

  /// Invoked after a callback that answered with `.then(continuation)`, before any other message.
  ///
  /// Not overridden, it ends the process with an error that says so.
  ///
  /// @otp gen_server:handle_continue/2
  public Result<S> handleContinue(Object continuation, S state) {
    throw new MissingCallbackException(getClass(), "handleContinue", continuation);
  }

  /// Invoked when the process is about to end: after a stop, after a callback threw, or, where
  /// exits are trapped, when its parent ended. Not invoked when it is killed, when an exit signal
  /// ends a process that does not trap exits, or when `init` failed.
  ///
  /// @param state the last state; after a throw the one from before the callback that threw
  /// @otp gen_server:terminate/2
  public void terminate(ExitReason reason, S state) {}

  /// Invoked on the new code when it takes over a running server, between two messages.
  ///
  /// - [#changed]: the server goes on with that state.
  /// - [#refused]: the server goes on with its old code and state, and who asked is told why. So it
  ///   does if this throws, or takes too long.
  ///
  /// Not overridden, the state is bound by the names of its fields; see [CodeChange]. Keep to the
  /// state here: other processes of the plugin wait as this one does, and if one of them cannot
  /// change its code, all go on as before, whatever was sent meanwhile.
  ///
  /// @otp gen_server:code_change/3
  public CodeChanged<S> codeChange(CodeChange<S> change) {
    return changed(change.state());
  }

  /// Invoked on the old code when other code takes over: what its [#codeChange] is told of the
  /// state. It need not be a state: a map of fields will do.
  ///
  /// Not overridden, it is the state. Override it where the state holds what is no data, or where a
  /// version before this one, to which an upgrade is rolled back, knows it by other names.
  ///
  /// @param toVersion the version of the other code
  /// @otp gen_server:code_change/3 with `{down, Vsn}`, for the way back
  public Object handOver(S state, String toVersion) {
    return state;
  }

  /// What of the state may be shown in crash reports and status output; hide secrets here.
  ///
  /// @otp gen_server:format_status/1
  public @Nullable Object formatStatus(S state) {
    return state;
  }

  // Answers of init.

  /// Starts with `state`.
  protected static <S> Init.Ok<S> ok(S state) {
    return new Init.Ok<>(state, Action.NONE);
  }

  /// Does not start; nobody is harmed.
  protected static <S> Init<S> ignore() {
    return new Init.Ignore<>();
  }

  /// Does not start; a linked starter gets `reason` as an exit signal.
  protected static <S> Init<S> stop(ExitReason reason) {
    return new Init.Stop<>(reason);
  }

  /// Does not start; a linked starter only gets `reason` as the result of its start.
  protected static <S> Init<S> error(ExitReason reason) {
    return new Init.Fail<>(reason);
  }

  // Answers of the other callbacks.

  /// Answers the call with `value` and goes on with `state`.
  protected static <S> CallResult.Reply<S> reply(@Nullable Object value, S state) {
    return new CallResult.Reply<>(value, state, Action.NONE);
  }

  /// Goes on with `state`.
  protected static <S> Result.NoReply<S> noReply(S state) {
    return new Result.NoReply<>(state, Action.NONE);
  }

  /// Ends the process with `reason`; `state` is given to [#terminate].
  protected static <S> Result.Stop<S> stop(ExitReason reason, S state) {
    return new Result.Stop<>(reason, state);
  }

  // Answers of codeChange.

  /// Goes on with `state`.
  protected static <S> CodeChanged<S> changed(S state) {
    return new CodeChanged.Ok<>(state);
  }

  /// Goes on with the old state; who asked is told `reason`.
  protected static <S> CodeChanged<S> refused(ExitReason reason) {
    return new CodeChanged.Refused<>(reason);
  }

  // The process that runs this server.

  /// The process that runs this callback, and what it can do.
  ///
  /// @throws IllegalStateException on a thread that runs no callback
  protected static ProcessContext process() {
    return ProcessContext.current();
  }

  /// The pid of the process that runs this callback.
  ///
  /// @throws IllegalStateException on a thread that runs no callback
  protected static Pid self() {
    return ProcessContext.current().self();
  }
}
