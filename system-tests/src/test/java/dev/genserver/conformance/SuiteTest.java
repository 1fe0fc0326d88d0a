package dev.genserver.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whether the suite would notice.
class SuiteTest {

  /// What a peer that speaks no protocol does with a connection.
  private interface Impostor {
    void serve(Socket socket) throws IOException;
  }

  @Test
  void noRowPassesWhereEveryConnectionIsClosedAtOnce() throws Exception {
    assertNoRowPasses(Socket::close);
  }

  @Test
  void noRowPassesWhereEverythingIsEchoedAndThenClosed() throws Exception {
    assertNoRowPasses(socket -> {
      try (socket) {
        var buffer = new byte[1 << 16];
        var length = socket.getInputStream().read(buffer);
        if (length > 0) {
          socket.getOutputStream().write(buffer, 0, length);
        }
      }
    });
  }

  private static void assertNoRowPasses(Impostor impostor) throws Exception {
    try (var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> serve(listener, impostor));
      var address = "127.0.0.1:" + listener.getLocalPort();
      var printed = new StringWriter();
      try (var daemons = Daemons.running(address, null)) {
        var rows = Suite.ROWS.stream().filter(row -> row.setup() == Setup.ANY).toList();
        assertThat(Main.run(rows, daemons, new PrintWriter(printed))).isEqualTo(1);
        assertThat(printed.toString()).contains("0 passed, %d failed".formatted(rows.size()));
      }
    }
  }

  private static void serve(ServerSocket listener, Impostor impostor) {
    try {
      while (true) {
        var socket = listener.accept();
        Thread.ofVirtual()
            .start(() -> {
              try {
                impostor.serve(socket);
              } catch (IOException _) {
                // The row has closed it.
              }
            });
      }
    } catch (IOException _) {
      // The test is over.
    }
  }

  @Test
  void rowsThatWantADaemonOfTheirOwnAreSkippedAgainstOneThatRuns() {
    var own = Suite.ROWS.stream().filter(row -> row.setup() != Setup.ANY).toList();
    var printed = new StringWriter();
    try (var daemons = Daemons.running("127.0.0.1:1", null)) {
      assertThat(Main.run(own, daemons, new PrintWriter(printed))).isZero();
    }
    assertThat(own).isNotEmpty();
    assertThat(printed.toString())
        .contains("0 passed, 0 failed, %d skipped".formatted(own.size()))
        .contains("needs a daemon started with --connection-idle-timeout=1s");
  }

  @Test
  void rowThatCannotConnectFails() {
    var row = List.of(Suite.ROWS.getFirst());
    try (var daemons = Daemons.running("127.0.0.1:1", null)) {
      assertThat(Main.run(row, daemons, new PrintWriter(new StringWriter()))).isEqualTo(1);
    }
  }
}
