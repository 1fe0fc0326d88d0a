package dev.genserver.runtime;

import static dev.genserver.runtime.Scripted.ADD_ONE;
import static dev.genserver.runtime.Scripted.GET;
import static dev.genserver.runtime.TestProcess.failure;
import static dev.genserver.runtime.TestProcess.receive;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Section DIST of the conformance table, as far as there is one node.
class DistConformanceTest {

  private static final ServerRef ELSEWHERE = ServerRef.at("server", "other@host");

  @AutoClose private final Node node = Node.create();

  @Test
  void dist01_notConnected() {
    node.start(Scripted.server(), StartOptions.named("server"));
    var failure = failure(() -> node.call(ELSEWHERE, GET, Object.class));
    assertThat(failure.reason()).isEqualTo(new ExitReason.NodeDown("other@host"));
    assertThat(failure)
        .hasMessageStartingWith(
            "call to {'server', other@host} failed: {nodedown, other@host}, that node is not"
                + " connected; request");
    node.cast(ELSEWHERE, ADD_ONE);
    assertThat(node.call(ServerRef.named("server"), GET, Object.class)).isEqualTo(0);
  }

  @Test
  void dist01_stopSendWhereisAndMonitorOfWhatIsNotConnected() {
    assertThat(failure(() -> node.stop(ELSEWHERE)).reason())
        .isEqualTo(new ExitReason.NodeDown("other@host"));
    node.send(ELSEWHERE, "lost");
    assertThat(node.whereis(ELSEWHERE)).isEmpty();
    var process =
        TestProcess.spawn(
            node,
            me -> {
              var ref = me.monitor(ELSEWHERE);
              assertThat(receive(me))
                  .isEqualTo(new InfoMessage.Down(ref, ELSEWHERE, ExitReason.NOCONNECTION));
              return me.nodeName();
            });
    assertThat(process.awaitResult()).isEqualTo("nonode@nohost");
  }
}
