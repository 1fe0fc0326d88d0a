package dev.genserver.sdk;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Why a process ended, or why a call to it failed.
///
/// @otp exit reasons; Erlang's are any term, here the usual ones have types of their own
public sealed interface ExitReason {

  /// It did what it was there for. Does not end linked processes.
  ExitReason NORMAL = new Normal();

  /// It was told to end.
  ExitReason SHUTDOWN = new Shutdown(null);

  /// As an exit signal: ends any process, trapping or not, which then has ended as [#KILLED].
  ExitReason KILL = new Kill();

  /// It was killed.
  ExitReason KILLED = new Killed();

  /// There is no such process.
  ExitReason NOPROC = new NoProc();

  /// A call, a start or a wait took too long.
  ExitReason TIMEOUT = new Timeout();

  /// The node of a monitored or linked process cannot be reached, or the client that it stands for
  /// was lost.
  ExitReason NOCONNECTION = new NoConnection();

  /// A process called itself.
  ExitReason CALLING_SELF = new CallingSelf();

  /// See [#NORMAL].
  record Normal() implements ExitReason {
    @Override
    public String toString() {
      return "normal";
    }
  }

  /// See [#SHUTDOWN]; `detail` may say more, as in Erlang's `{shutdown, Term}`.
  record Shutdown(@Nullable Object detail) implements ExitReason {
    @Override
    public String toString() {
      return detail == null ? "shutdown" : "{shutdown, " + detail + "}";
    }
  }

  /// See [#KILL].
  record Kill() implements ExitReason {
    @Override
    public String toString() {
      return "kill";
    }
  }

  /// See [#KILLED].
  record Killed() implements ExitReason {
    @Override
    public String toString() {
      return "killed";
    }
  }

  /// See [#NOPROC].
  record NoProc() implements ExitReason {
    @Override
    public String toString() {
      return "noproc";
    }
  }

  /// See [#TIMEOUT].
  record Timeout() implements ExitReason {
    @Override
    public String toString() {
      return "timeout";
    }
  }

  /// See [#NOCONNECTION].
  record NoConnection() implements ExitReason {
    @Override
    public String toString() {
      return "noconnection";
    }
  }

  /// A call was made to a node that is not connected.
  record NodeDown(String node) implements ExitReason {
    @Override
    public String toString() {
      return "{nodedown, " + node + "}";
    }
  }

  /// See [#CALLING_SELF].
  record CallingSelf() implements ExitReason {
    @Override
    public String toString() {
      return "calling_self";
    }
  }

  /// A call was not made, since nobody in the ring of processes that wait for each other could ever
  /// go on.
  ///
  /// @param chain who waits for whom, the caller first and last: names, or pids of those without
  record CallCycle(List<ServerRef> chain) implements ExitReason {

    public CallCycle {
      chain = List.copyOf(chain);
    }

    @Override
    public String toString() {
      return "call cycle "
          + chain.stream().map(Object::toString).collect(Collectors.joining(" -> "));
    }
  }

  /// A callback threw `exception`.
  record Failure(Throwable exception) implements ExitReason {
    @Override
    public String toString() {
      return exception.toString();
    }
  }

  /// A callback answered something that is no valid result.
  record BadReturnValue(@Nullable Object value) implements ExitReason {
    @Override
    public String toString() {
      return "{bad_return_value, " + value + "}";
    }
  }

  /// Any other reason: the program's own words.
  record Other(Object value) implements ExitReason {
    @Override
    public String toString() {
      return String.valueOf(value);
    }
  }

  /// A reason of the program's own.
  static ExitReason of(Object value) {
    return new Other(value);
  }

  /// [#SHUTDOWN] that says more.
  static ExitReason shutdown(Object detail) {
    return new Shutdown(detail);
  }

  /// The reason of a process whose code threw `thrown`: an [ExitException] tells its own.
  static ExitReason thrown(Throwable thrown) {
    return thrown instanceof ExitException exit ? exit.reason() : new Failure(thrown);
  }

  /// Whether this is an expected end, which leaves no crash report: normal or shutdown.
  static boolean isExpected(ExitReason reason) {
    return reason instanceof Normal || reason instanceof Shutdown;
  }
}
