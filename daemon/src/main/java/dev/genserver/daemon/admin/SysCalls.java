package dev.genserver.daemon.admin;

import dev.genserver.daemon.binding.BadMessageException;
import dev.genserver.daemon.binding.ReplyEncoder;
import dev.genserver.daemon.binding.StateBinding;
import dev.genserver.daemon.binding.UnbindableException;
import dev.genserver.daemon.binding.UnencodableReplyException;
import dev.genserver.runtime.Node;
import dev.genserver.runtime.Recipient;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Sys;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What [Sys] is asked for one process, with replies that can become JSON. Blocks.
///
/// @param process what the operator calls it
record SysCalls(String process, Pid pid, Sys sys, Node node) {

  private static final int LARGEST = 16 << 20;

  private static final String DONE = "ok";

  @Nullable Object state() {
    enterPlugin();
    return showable(sys.getState(pid));
  }

  /// What the server lets be seen of itself: its state as its `formatStatus` shows it.
  Map<String, Object> status() {
    enterPlugin();
    var status = sys.status(pid);
    return new JsonObject()
        .with("name", status.name().map(Snapshots::text))
        .with("pid", status.pid())
        .with("server", status.server())
        .with("suspended", status.suspended())
        .with("parent", status.parent().equals(pid) ? null : status.parent())
        .with("debug", status.debug())
        .with("state", showable(status.state()))
        .toMap();
  }

  @Nullable Object replaceState(Object json) {
    enterPlugin();
    var next = decode(json);
    return showable(sys.replaceState(pid, _ -> next));
  }

  /// From here on this thread, which is a helper's, runs code of the plugin: constructors and
  /// accessors of its state.
  private void enterPlugin() {
    node.locate(pid)
        .map(server -> server.serverClass().getClassLoader())
        .ifPresent(Thread.currentThread()::setContextClassLoader);
  }

  String suspend() {
    sys.suspend(pid);
    return DONE;
  }

  String resume() {
    sys.resume(pid);
    return DONE;
  }

  @Nullable Object statistics(Optional<Boolean> enabled) {
    if (enabled.isPresent()) {
      sys.statistics(pid, enabled.get());
      return DONE;
    }
    return sys.statistics(pid).map(SysCalls::describe).orElse(null);
  }

  private static Map<String, Object> describe(Sys.Statistics statistics) {
    var length = Duration.between(statistics.started(), statistics.now());
    return new JsonObject()
        .with("since_ms", length.toMillis())
        .with("busy_ms", statistics.busy().toMillis())
        .with("messages_in", statistics.messagesIn())
        .with("messages_out", statistics.messagesOut())
        .toMap();
  }

  /// A state of the server's own type.
  private Object decode(Object json) {
    var server =
        node.locate(pid)
            .map(Recipient::serverClass)
            .orElseThrow(() -> Refusal.noProcess(process, node.names()));
    try {
      return StateBinding.of(server).decode(ReplyEncoder.encode(json, LARGEST));
    } catch (BadMessageException e) {
      throw Refusal.bad(process, e.problem());
    } catch (UnbindableException e) {
      throw Refusal.bad(
          "process '%s' has a state of its own kind: %s".formatted(process, e.getMessage()));
    }
  }

  /// The state, or its text where it has no form in JSON.
  private static @Nullable Object showable(@Nullable Object state) {
    try {
      ReplyEncoder.encode(state, LARGEST);
      return state;
    } catch (UnencodableReplyException e) {
      return new JsonObject()
          .with("text", Feed.shown(state))
          .with("problem", e.getMessage())
          .toMap();
    }
  }
}
