package dev.genserver.sdk;

import org.jspecify.annotations.Nullable;

/// What [GenServer#handleInfo] takes: all that is neither call nor cast.
public sealed interface InfoMessage {

  /// A plain message, sent by [Processes#send] or by a timer.
  record Message(Object content) implements InfoMessage {}

  /// No message came within the idle time that the last callback asked for.
  record Timeout() implements InfoMessage {}

  /// A linked process ended, or an exit signal was sent; only where exits are trapped.
  ///
  /// @otp the message `{'EXIT', Pid, Reason}`
  record Exit(Pid from, ExitReason reason) implements InfoMessage {}

  /// A monitored process ended, or was not there.
  ///
  /// @param server what was monitored: a pid, or the name that was given
  /// @otp the message `{'DOWN', Ref, process, Object, Reason}`
  record Down(MonitorRef ref, ServerRef server, ExitReason reason) implements InfoMessage {}

  /// A task of this process has a result, and nobody waits for it. [Down] with the same ref
  /// follows, unless [ProcessContext#demonitor] says that it need not.
  ///
  /// @otp the message `{Ref, Result}` of an Elixir Task
  record Reply(MonitorRef ref, @Nullable Object value) implements InfoMessage {}
}
