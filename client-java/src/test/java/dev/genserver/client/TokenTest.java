package dev.genserver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Framing;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How a client logs in.
@Timeout(60)
class TokenTest {

  @TempDir Path folder;

  @Test
  void principalIsWhomTheDaemonKnows() throws Exception {
    try (var server =
            ScriptedServer.raw(peer -> {
              var hello = peer.read(ClientMessage.Hello.class);
              assertThat(hello.token()).isEqualTo("gsd_1_s3cret");
              peer.welcome(hello, Framing.DEFAULT_MAX_FRAME, "shop");
              peer.drain();
            });
        var client =
            GenServerClient.connect(
                server.address(), ClientOptions.defaults().token("gsd_1_s3cret"))) {
      assertThat(client.principal()).contains("shop");
    }
  }

  @Test
  void withoutLoginThereIsNoPrincipal() throws Exception {
    try (var server = ScriptedServer.start(ScriptedServer.Peer::drain);
        var client = server.connect()) {
      assertThat(client.principal()).isEmpty();
    }
  }

  @Test
  void tokenIsReadAnewForEachConnection() throws Exception {
    var file = Files.writeString(folder.resolve("token"), "gsd_1_first\n");
    try (var listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        var nodes =
            Nodes.of(
                List.of("127.0.0.1:" + listener.getLocalPort()),
                ClientOptions.defaults().tokenFile(file))) {
      var server =
          CompletableFuture.runAsync(
              () -> {
                for (int round = 1; round <= 2; round++) {
                  try (var socket = listener.accept()) {
                    var peer = new ScriptedServer.Peer(socket);
                    var hello = peer.read(ClientMessage.Hello.class);
                    peer.welcome(hello, Framing.DEFAULT_MAX_FRAME, "shop");
                    Files.writeString(file, "gsd_2_second\n");
                    peer.reply(peer.read(), "\"" + hello.token() + "\"");
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                }
              },
              task -> new Thread(task).start());

      assertThat(ask(nodes)).isEqualTo("gsd_1_first");
      assertThat(ask(nodes)).isEqualTo("gsd_2_second");
      server.get(20, TimeUnit.SECONDS);
    }
  }

  /// The reply, be it that the client learns only by this call that its connection is lost.
  private static String ask(Nodes nodes) {
    MultiReply<String> result;
    do {
      result = nodes.call("counter", "get", String.class, Duration.ofSeconds(20));
    } while (result.replies().isEmpty());
    return result.replies().values().iterator().next();
  }

  @Test
  void supplierThatFailsFailsTheLoginAndNotMore() throws Exception {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var options =
          ClientOptions.defaults()
              .token(() -> {
                throw new IllegalStateException("the vault is shut");
              });
      var address = "127.0.0.1:" + listener.getLocalPort();

      assertThatThrownBy(() -> GenServerClient.connect(address, options))
          .isInstanceOf(UnauthenticatedException.class)
          .hasMessage(
              "connecting to "
                  + address
                  + " failed: unauthenticated, there is no token to log in with: the vault is shut");
      try (var nodes = Nodes.of(List.of(address), options)) {
        var result = nodes.call("counter", "get", Long.class, Duration.ofSeconds(20));
        assertThat(result.failures().get(address)).isInstanceOf(UnauthenticatedException.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", "gsd_1_s3cret gsd_2_s3cret", "gsd_1_s3cret\ngsd_2_s3cret"})
  void fileThatHoldsNotOneTokenIsRefused(String text) throws Exception {
    var file = Files.writeString(folder.resolve("token"), text);

    assertThatThrownBy(
            () -> GenServerClient.connect("127.0.0.1:1", ClientOptions.defaults().tokenFile(file)))
        .isInstanceOf(UnauthenticatedException.class)
        .hasMessageEndingWith("token file " + file + " must hold one token, and nothing else");
  }

  @Test
  void fileThatIsNotThereIsNamed() {
    var file = folder.resolve("token");

    assertThatThrownBy(
            () -> GenServerClient.connect("127.0.0.1:1", ClientOptions.defaults().tokenFile(file)))
        .isInstanceOf(UnauthenticatedException.class)
        .hasMessageEndingWith("token file " + file + " does not exist");
  }

  @Test
  void tokenIsInNoText() throws Exception {
    try (var server =
        ScriptedServer.raw(peer -> {
          var hello = peer.read(ClientMessage.Hello.class);
          assertThat(hello.toString()).doesNotContain("s3cret");
          peer.send(
              new ServerMessage.Failure(
                  hello.id(), WireError.refused(ErrorCode.UNAUTHENTICATED, "no such token")));
        })) {
      var options = ClientOptions.defaults().token("gsd_1_s3cret");
      var failure =
          catchThrowableOfType(
              UnauthenticatedException.class,
              () -> GenServerClient.connect(server.address(), options));
      var trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));

      assertThat(trace.toString()).contains("no such token").doesNotContain("s3cret");
      assertThat(options.toString()).doesNotContain("s3cret");
      server.awaitEnd();
    }
  }
}
