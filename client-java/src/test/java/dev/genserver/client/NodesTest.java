package dev.genserver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NodesTest {

  /// Nobody listens there, and no port that is given out is this one.
  private static final String NOWHERE = "127.0.0.1:1";

  private static final Duration LONG = Duration.ofSeconds(20);

  record Unwritable(int value) {
    @Override
    public int value() {
      throw new IllegalStateException("not to be read");
    }
  }

  private static ScriptedServer replying(String result) throws Exception {
    return ScriptedServer.start(peer -> {
      for (ClientMessage message; (message = peer.read()) != null; ) {
        if (message instanceof ClientMessage.Call) {
          peer.reply(message, result);
        }
      }
    });
  }

  @Test
  void repliesAreToldByAddressAndTheOthersAsBadNodes() throws Exception {
    try (var one = replying("1");
        var two = replying("2");
        var without =
            ScriptedServer.start(peer -> {
              peer.send(
                  new ServerMessage.Failure(
                      peer.read().id(), WireError.refused(ErrorCode.NOPROC, "no such name")));
              peer.drain();
            })) {
      try (var nodes =
          Nodes.of(List.of(one.address(), NOWHERE, two.address(), without.address()))) {
        var result = nodes.call("counter", "get", Long.class, LONG);
        assertThat(result.replies())
            .containsEntry(one.address(), 1L)
            .containsEntry(two.address(), 2L)
            .hasSize(2);
        assertThat(result.badNodes()).containsExactly(NOWHERE, without.address());
        assertThat(result.failures().get(NOWHERE)).isInstanceOf(UnavailableException.class);
        assertThat(result.failures().get(without.address())).isInstanceOf(NoProcessException.class);
      }
    }
  }

  @Test
  void slowNodeIsABadNodeAndHoldsNobodyUpBeyondTheTimeout() throws Exception {
    try (var fast = replying("1");
        var silent = ScriptedServer.start(peer -> peer.drain());
        var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var nodes =
            Nodes.of(
                List.of(fast.address(), silent.address(), "127.0.0.1:" + deaf.getLocalPort()))) {
      long before = System.nanoTime();
      var result = nodes.call("counter", "get", Long.class, Duration.ofSeconds(2));
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
      assertThat(result.replies()).containsOnlyKeys(fast.address());
      assertThat(result.failures().values())
          .satisfiesExactly(
              failure -> assertThat(failure).isInstanceOf(CallTimeoutException.class),
              failure -> assertThat(failure).isInstanceOf(UnavailableException.class));
    }
  }

  @Test
  void castsReturnAtOnceAndArriveInOrderOnceThereIsAConnection() throws Exception {
    BlockingQueue<String> received = new LinkedBlockingQueue<>();
    var welcomed = new CompletableFuture<Void>();
    try (var server =
            ScriptedServer.raw(peer -> {
              welcomed.get(20, TimeUnit.SECONDS);
              peer.welcome();
              for (ClientMessage message; (message = peer.read()) != null; ) {
                received.add(((ClientMessage.Cast) message).msg().toString());
              }
            });
        var nodes = Nodes.of(List.of(server.address(), NOWHERE))) {
      for (int i = 0; i < 100; i++) {
        nodes.cast("counter", i);
      }
      assertThat(received).isEmpty();
      welcomed.complete(null);
      for (int i = 0; i < 100; i++) {
        assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo(Integer.toString(i));
      }
    }
  }

  @Test
  void lostConnectionIsMadeAgain() throws Exception {
    try (var listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        var nodes = Nodes.of(List.of("127.0.0.1:" + listener.getLocalPort()))) {
      var server =
          CompletableFuture.runAsync(
              () -> {
                for (int round = 1; round <= 2; round++) {
                  try (var socket = listener.accept()) {
                    var peer = new ScriptedServer.Peer(socket);
                    peer.welcome();
                    peer.reply(peer.read(), Integer.toString(round));
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                }
              },
              task -> new Thread(task).start());
      var first = nodes.call("counter", "get", Long.class, LONG);
      assertThat(first.failures()).isEmpty();
      assertThat(first.replies().values()).containsExactly(1L);
      // The client may learn of the loss only by the next call.
      MultiReply<Long> second;
      do {
        second = nodes.call("counter", "get", Long.class, LONG);
      } while (second.replies().isEmpty());
      assertThat(second.replies().values()).containsExactly(2L);
      server.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void closedNodesAreAllBad() throws Exception {
    try (var server = replying("1")) {
      var nodes = Nodes.of(List.of(server.address()));
      assertThat(nodes.call("counter", "get", Long.class).badNodes()).isEmpty();
      nodes.close();
      nodes.cast("counter", "reset");
      assertThat(nodes.call("counter", "get", Long.class).badNodes())
          .containsExactly(server.address());
      nodes.close();
    }
  }

  @Test
  void whatIsNoAddressOrNoMessageIsAnArgumentError() throws Exception {
    assertThatThrownBy(() -> Nodes.of(List.of("not an address")))
        .isInstanceOf(IllegalArgumentException.class);
    try (var nodes = Nodes.of(List.of(NOWHERE))) {
      assertThatThrownBy(() -> nodes.call("counter", new Unwritable(1), Long.class))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void interruptedCallerIsToldSo() throws Exception {
    try (var silent = ScriptedServer.start(peer -> peer.drain());
        var nodes = Nodes.of(List.of(silent.address()))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> nodes.call("counter", "get", Long.class, LONG))
          .isInstanceOf(CallCancelledException.class);
      assertThat(Thread.interrupted()).isTrue();

      var failure = new CompletableFuture<Throwable>();
      var caller =
          new Thread(() -> {
            try {
              nodes.call("counter", "get", Long.class, LONG);
            } catch (GenServerException e) {
              failure.complete(e);
            }
          });
      caller.start();
      await("it waits").until(() -> caller.getState() == Thread.State.WAITING);
      caller.interrupt();
      assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(CallCancelledException.class);
    }
  }
}
