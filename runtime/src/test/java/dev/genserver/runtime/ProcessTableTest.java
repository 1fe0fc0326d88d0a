package dev.genserver.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ProcessTableTest {

  @AutoClose private final Node node = Node.create();
  private final ProcessTable table = node.table;

  private ServerProcess named(long serial) {
    var options = StartOptions.named("name");
    return new ServerProcess(node, new Pid(1, serial), null, Scripted.server(), options, null);
  }

  @Test
  void processThatHasEndedDoesNotTakeItsSuccessorsNameAway() {
    var first = named(1);
    var second = named(2);
    assertThat(table.add(first)).isNull();
    assertThat(table.add(second)).isSameAs(first);
    first.end(ExitReason.KILLED);
    assertThat(table.add(second)).isNull();

    table.remove(first);

    assertThat(table.find("name")).isSameAs(second);
    assertThat(table.names()).containsExactly("name");
  }

  @Test
  void processThatEndedBeforeItWasTakenUpIsNotFound() {
    var process = named(1);
    process.end(ExitReason.KILLED);
    assertThat(table.add(process)).isNull();
    assertThat(table.find(process.pid())).isNull();
    assertThat(table.names()).isEmpty();
    assertThat(table.processes()).isEmpty();
  }

  @Test
  void closedNodeLetsNoProcessIn() {
    node.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> node.start(Scripted.server(), StartOptions.named("late")))
        .withMessageContaining("closed");
    assertThat(node.whereis(ServerRef.named("late"))).isEmpty();
    assertThat(node.processCount()).isZero();
  }
}
