package dev.genserver.testkit;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerRef;
import java.time.Duration;

/// What a callback did beside returning its result, as [RecordingProcess] saw it.
public sealed interface Effect {

  /// It called a server.
  record Called(ServerRef to, Object request, Duration timeout) implements Effect {}

  /// It cast to a server.
  record Cast(ServerRef to, Object message) implements Effect {}

  /// It sent a plain message, or a timer to another process fired.
  record Sent(ServerRef to, Object message) implements Effect {}

  /// It set a timer.
  record TimerSet(ServerRef to, Object message, Duration delay) implements Effect {}

  /// It set a timer that repeats.
  record IntervalSet(ServerRef to, Object message, Duration interval) implements Effect {}

  /// It cancelled a timer that had not fired.
  record TimerCancelled(ServerRef to, Object message) implements Effect {}

  /// It sent an exit signal.
  record ExitSent(Pid to, ExitReason reason) implements Effect {}

  /// It linked itself to a process.
  record Linked(Pid to) implements Effect {}

  /// It took a link away.
  record Unlinked(Pid from) implements Effect {}

  /// It asked to be told of a process's end.
  record Monitored(ServerRef server, MonitorRef ref) implements Effect {}

  /// It ended a monitor.
  record Demonitored(MonitorRef ref) implements Effect {}

  /// It said whether it traps exits.
  record TrapExit(boolean trap) implements Effect {}
}
