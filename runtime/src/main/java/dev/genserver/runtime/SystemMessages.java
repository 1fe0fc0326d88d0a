package dev.genserver.runtime;

import dev.genserver.sdk.CodeChanged;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Sys;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Answers what is asked of a server behind its callbacks. For the server's consumer alone.
final class SystemMessages {

  private SystemMessages() {}

  /// Handles one request.
  ///
  /// @return false if this activation was abandoned
  static boolean handle(ServerProcess server, SystemCall call) {
    return switch (call.request()) {
      case SystemRequest.GetState() -> reply(call, server.state());
      case SystemRequest.ReplaceState(var change) ->
          run(server, call, "system_replace_state", () -> server.replaceState(change));
      case SystemRequest.Suspend() -> {
        server.suspend(true);
        yield reply(call, null);
      }
      case SystemRequest.Resume() -> {
        server.suspend(false);
        yield reply(call, null);
      }
      case SystemRequest.CountStatistics(boolean on) -> {
        if (on) {
          server.debugging().count(server.busyNanos());
        } else {
          server.debugging().stopCounting();
        }
        yield reply(call, null);
      }
      case SystemRequest.GetStatistics() ->
          reply(call, server.debugging().statistics(server.busyNanos()));
      case SystemRequest.GetStatus() -> run(server, call, "format_status", () -> status(server));
      case SystemRequest.KeepLog(int size) -> {
        server.debugging().keepLog(size);
        yield reply(call, null);
      }
      case SystemRequest.GetLog() -> reply(call, server.debugging().log());
      case SystemRequest.Trace(var listener) -> {
        server.debugging().add(listener);
        yield reply(call, null);
      }
      case SystemRequest.Untrace(var listener) -> {
        server.debugging().remove(listener);
        yield reply(call, null);
      }
      case SystemRequest.NoDebug() -> {
        server.stopDebugging();
        yield reply(call, null);
      }
      case SystemRequest.ChangeCode change -> changeCode(server, call, change);
    };
  }

  private static boolean reply(SystemCall call, @Nullable Object value) {
    call.reply(value);
    return true;
  }

  /// Answers with what `code` gives, which is the plugin's or the requester's own.
  private static boolean run(
      ServerProcess server, SystemCall call, String callback, Supplier<@Nullable Object> code) {
    Object reply;
    server.enter();
    try {
      reply = server.isAlive() ? code.get() : null;
    } catch (Throwable thrown) {
      reply = new SystemRequest.Failed(callback, thrown);
    }
    return server.leave() && reply(call, reply);
  }

  private static Sys.Status status(ServerProcess server) {
    return new Sys.Status(
        server.pid(),
        server.name(),
        server.serverClass().getName(),
        server.isSuspended(),
        server.parentOrSelf(),
        server.debugging().options(),
        server.debugging().log(),
        Shown.value(server::formattedState));
  }

  private static boolean changeCode(
      ServerProcess server, SystemCall call, SystemRequest.ChangeCode change) {
    if (!server.isSuspended()) {
      return reply(
          call, ExitReason.of("unknown_system_msg: the server is not suspended; suspend it first"));
    }
    return run(
        server,
        call,
        "code_change",
        () -> {
          try {
            return changed(server, server.codeChange(change.oldVersion(), change.extra()));
          } catch (ProcessEnded ended) {
            throw ended;
          } catch (Throwable thrown) {
            return ExitReason.thrown(thrown);
          }
        });
  }

  /// Takes the new state over.
  ///
  /// @return null if it went well
  private static @Nullable ExitReason changed(
      ServerProcess server, @Nullable CodeChanged<Object> answer) {
    return switch (answer) {
      case CodeChanged.Ok<Object>(Object state) -> {
        server.replaceState(_ -> state);
        yield null;
      }
      case CodeChanged.Refused<Object>(ExitReason reason) -> reason;
      case null -> new ExitReason.BadReturnValue(null);
    };
  }
}
