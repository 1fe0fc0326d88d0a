package dev.genserver.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.runtime.Node;
import dev.genserver.sdk.Agent;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.Result;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What the plugin guide says of tasks and agents.
class TasksAndAgentsTest {

  @AutoClose private final Node node = Node.create();

  /// Tells the length of texts, each counted in a task, so that a long one holds up no other.
  static final class Lengths extends GenServer<Map<MonitorRef, From>, String, Void> {

    @Override
    public Init<Map<MonitorRef, From>> init(Args args) {
      return ok(Map.of());
    }

    @Override
    public CallResult<Map<MonitorRef, From>> handleCall(
        String text, From from, Map<MonitorRef, From> callers) {
      var task = process().async(() -> text.length());
      var next = new HashMap<>(callers);
      next.put(task.ref(), from);
      return noReply(Map.copyOf(next));
    }

    @Override
    public Result<Map<MonitorRef, From>> handleInfo(
        InfoMessage message, Map<MonitorRef, From> callers) {
      if (message instanceof InfoMessage.Reply(MonitorRef ref, var length)) {
        process().demonitor(ref); // the end of the task is of no interest
        var next = new HashMap<>(callers);
        Objects.requireNonNull(next.remove(ref)).reply(length);
        return noReply(Map.copyOf(next));
      }
      return super.handleInfo(message, callers);
    }
  }

  @Test
  void serverGetsTheResultsOfItsTasksAsMessages() {
    var lengths = node.start(new Lengths(), StartOptions.none()).pidOrThrow();
    assertThat(node.call(lengths, "four", Integer.class)).isEqualTo(4);
    assertThat(node.call(lengths, "fifteen letters", Integer.class)).isEqualTo(15);
  }

  @Test
  void serverWaitsForItsTasks() {
    var total = node.start(new Total(), StartOptions.none()).pidOrThrow();
    assertThat(node.call(total, List.of("a", "bb", "ccc"), Object.class)).isEqualTo(List.of(4, 6));
  }

  @Test
  void agentKeepsAState() {
    node.start(Agent.server(() -> 1), StartOptions.named("hits"));

    var hits = node.<Integer>agent(ServerRef.named("hits"));
    hits.update(n -> n + 1);
    int before = hits.getAndUpdate(n -> new Agent.Updated<>(n, 0));
    assertThat(before).isEqualTo(2);
    assertThat(hits.<Integer>get(n -> n)).isZero();
  }
}
