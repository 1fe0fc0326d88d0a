package dev.genserver.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.daemon.access.TokenFile;
import dev.genserver.daemon.config.ConfigLoader;
import dev.genserver.daemon.net.Peer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an operator asks `sys.node` and `sys.connections`, and what can change while the daemon
/// runs.
class AdministrationTest {

  private static final LocalDate TODAY = LocalDate.of(2026, 11, 23);

  @TempDir Path folder;

  private static String call(String to, String msg) {
    return "{\"op\":\"call\",\"id\":1,\"to\":\"%s\",\"msg\":%s}".formatted(to, msg);
  }

  private static String hello(String token) {
    return "{\"op\":\"hello\",\"id\":1,\"versions\":[1],\"token\":\"" + token + "\"}";
  }

  private Path config(String text) throws IOException {
    return Files.writeString(folder.resolve("genserverd.yaml"), text);
  }

  private TokenFile tokens() {
    return new TokenFile(folder.resolve("tokens"));
  }

  private static DaemonUnderTest daemon() throws StartException {
    return DaemonUnderTest.start(Optional.empty(), Map.of());
  }

  private DaemonUnderTest withLogin(String principals) throws IOException, StartException {
    var file =
        config(
            "auth: token\ntokens:\n  file: %s\nprincipals:\n%s"
                .formatted(folder.resolve("tokens"), principals));
    return DaemonUnderTest.start(Optional.of(file), Map.of());
  }

  private static Map<?, ?> result(Map<String, Object> answer) {
    assertThat(answer).containsKey("result");
    return (Map<?, ?>) answer.get("result");
  }

  @Test
  void infoTellsWhatTheDaemonIsAndHasCounted() throws Exception {
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var info = result(peer.send(call("sys.node", "\"info\"")).receive());
      assertThat(info.get("auth")).isEqualTo("none");
      assertThat(info.get("tls")).isEqualTo(false);
      assertThat(info.get("os_pid")).isEqualTo(ProcessHandle.current().pid());
      assertThat((Map<?, ?>) info.get("counters"))
          .extracting("connections_accepted", "connections_open")
          .containsExactly(1L, 1L);
    }
  }

  @Test
  void configTellsEachSettingWithItsOrigin() throws Exception {
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var settings = (List<?>) peer.send(call("sys.node", "\"config\"")).receive().get("result");
      assertThat(settings.toString()).contains("{key=listen, value=127.0.0.1:0, origin=--listen}");
    }
  }

  @Test
  void eventsTellTheLastLinesOfTheLogAndWhereToGoOn() throws Exception {
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      System.getLogger("dev.genserver.daemon.Sample").log(Level.WARNING, "it wobbles");
      var told = result(peer.send(call("sys.node", "\"events\"")).receive());
      assertThat((List<?>) told.get("events"))
          .map(each -> (Map<?, ?>) each)
          .anySatisfy(event -> {
            assertThat(event.get("level")).isEqualTo("warn");
            assertThat(event.get("logger")).isEqualTo("dev.genserver.daemon.Sample");
            assertThat(event.get("text")).isEqualTo("it wobbles");
          });
      assertThat(told.containsKey("lost")).isFalse();
      var later = "{\"type\":\"events\",\"after\":%s}".formatted(Long.MAX_VALUE);
      assertThat(result(peer.send(call("sys.node", later)).receive()).get("events"))
          .isEqualTo(List.of());
    }
  }

  @Test
  void replyOfEventsIsBoundedAndGoesOnWhereTheOneBeforeEnded() throws Exception {
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var log = System.getLogger("dev.genserver.daemon.Sample");
      for (var i = 0; i < 200; i++) {
        log.log(Level.INFO, "number " + i + " of many " + "x".repeat(1_500));
      }
      var numbers = new ArrayList<String>();
      for (Object next = 0L, before = -1L; !next.equals(before); ) {
        before = next;
        var request = "{\"type\":\"events\",\"after\":%s}".formatted(next);
        var told = result(peer.send(call("sys.node", request)).receive());
        ((List<?>) told.get("events"))
            .forEach(event -> {
              var text = ((Map<?, ?>) event).get("text").toString();
              if (text.startsWith("number ")) {
                numbers.add(text.split(" ", -1)[1]);
              }
            });
        next = told.get("next");
      }
      assertThat(numbers)
          .containsExactlyElementsOf(IntStream.range(0, 200).mapToObj(Integer::toString).toList());
    }
  }

  @Test
  void connectionsAreListedAndClosed() throws Exception {
    try (var daemon = daemon();
        var operator = daemon.peer();
        var other = daemon.peer()) {
      other.send("{\"op\":\"ping\"}").receive();
      var listed =
          (List<?>) operator.send(call("sys.connections", "\"list\"")).receive().get("result");
      assertThat(listed).hasSize(2);
      var last =
          listed.stream()
              .map(each -> (Map<?, ?>) each)
              .filter(each -> each.get("peer").equals("127.0.0.1:" + other.port()))
              .findFirst()
              .orElseThrow();
      assertThat(last.get("tls")).isEqualTo(false);
      var close = "{\"type\":\"close\",\"id\":%s}".formatted(last.get("id"));
      assertThat(operator.send(call("sys.connections", close)).receive())
          .containsEntry("result", "ok");
      assertThat(other.receive())
          .containsEntry("op", "goodbye")
          .containsEntry("message", "an operator has closed this connection");
      assertThat(other.rest()).isEmpty();
      assertThat(
              Peer.error(
                  operator
                      .send(call("sys.connections", "{\"type\":\"close\",\"id\":99}"))
                      .receive()))
          .containsEntry("message", "no connection has the id 99; list them again");
    }
  }

  @Test
  void listOfConnectionsGoesOnAfterTheLastOne() throws Exception {
    try (var daemon = daemon();
        var peer = daemon.peer()) {
      var page = "{\"type\":\"list\",\"after\":1,\"limit\":5}";
      assertThat(peer.send(call("sys.connections", page)).receive())
          .containsEntry("result", List.of());
    }
  }

  @Test
  void drainEndsTheDaemonAfterWhatItHasRead() throws Exception {
    var daemon = daemon();
    try (var peer = daemon.peer()) {
      peer.send(call("sys.node", "\"drain\""));
      var answers = List.of(peer.receive(), peer.receive());
      assertThat(answers).extracting(each -> each.get("op")).contains("reply", "goodbye");
      assertThat(peer.rest()).isEmpty();
      daemon.close(); // returns when it has ended
      assertThatThrownBy(daemon::peer).isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void reloadGivesOtherRightsToThoseWhoAreConnected() throws Exception {
    var token = tokens().create("ops", TODAY);
    try (var daemon = withLogin("- name: ops\n  admin: true\n");
        var peer = daemon.peer()) {
      peer.send(hello(token)).receive();
      assertThat(Peer.error(peer.send(call("counter", "1")).receive()))
          .containsEntry("code", "forbidden");
      config(
          "auth: token\ntokens:\n  file: %s\nlogin:\n  timeout: 7s\nprincipals:\n- {name: ops, admin: true, call: '*'}\n"
              .formatted(folder.resolve("tokens")));
      assertThat(result(peer.send(call("sys.node", "\"reload\"")).receive()))
          .isEqualTo(
              Map.of(
                  "applied",
                  List.of("principals.ops"),
                  "principals",
                  1L,
                  "tokens",
                  1L,
                  "need_restart",
                  List.of("login.timeout")));
      assertThat(Peer.error(peer.send(call("counter", "1")).receive()))
          .containsEntry("code", "noproc");
    }
  }

  @Test
  void whatCannotBeReloadedChangesNothingAndIsToldWhole() throws Exception {
    var token = tokens().create("ops", TODAY);
    try (var daemon = withLogin("- name: ops\n  admin: true\n");
        var peer = daemon.peer()) {
      peer.send(hello(token)).receive();
      config("auth: token\nprincipals:\n- name: ops\n  call: 'a*b'\n");
      var error = Peer.error(peer.send(call("sys.node", "\"reload\"")).receive());
      assertThat(error).containsEntry("code", "bad_message").containsEntry("executed", "no");
      assertThat(error.get("message").toString())
          .startsWith("not reloaded, all stays as it was: ")
          .contains("'tokens.file'")
          .contains("is 'a*b'");
      assertThat(peer.send(call("sys.node", "\"info\"")).receive()).containsKey("result");
    }
  }

  @Test
  void tokenThatIsRevokedIsWorthNothingSoonAfter() throws Exception {
    var token = tokens().create("ops", TODAY);
    try (var daemon = withLogin("- name: ops\n  admin: true\n");
        var peer = daemon.peer()) {
      peer.send(hello(token)).receive();
      tokens().revoke("ops");
      assertThat(peer.receive())
          .containsEntry("op", "goodbye")
          .containsEntry("code", "unauthenticated");
      var next = tokens().create("ops", TODAY);
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> {
            try (var again = daemon.peer()) {
              assertThat(again.send(hello(next)).receive()).containsEntry("op", "welcome");
            }
          });
    }
  }

  @Test
  void brokenTokenFileLeavesTheTokensThatThereWere() throws Exception {
    var token = tokens().create("ops", TODAY);
    try (var daemon = withLogin("- name: ops\n  admin: true\n")) {
      try (var log = CapturedLog.of(Reload.class)) {
        Files.writeString(folder.resolve("tokens"), "nonsense\n");
        Awaitility.await()
            .atMost(Duration.ofSeconds(10))
            .untilAsserted(
                () -> assertThat(log.lines()).anyMatch(line -> line.contains("not reloaded")));
      }
      try (var peer = daemon.peer()) {
        assertThat(peer.send(hello(token)).receive()).containsEntry("op", "welcome");
      }
    }
  }

  @Test
  void daemonDoesNotStartWithoutTheTokensThatItAsksFor() {
    assertThatThrownBy(() -> withLogin("- name: ops\n"))
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith("tokens.file " + folder.resolve("tokens") + " cannot be read");
  }

  @Test
  void whoChangesSomethingLeavesALineAndWhoLooksLeavesNone() throws Exception {
    var token = tokens().create("ops", TODAY);
    try (var daemon = withLogin("- name: ops\n  admin: true\n");
        var log = CapturedLog.of("dev.genserver.audit");
        var peer = daemon.peer()) {
      peer.send(hello(token)).receive();
      peer.send(call("sys.processes", "\"list\"")).receive();
      peer.send(call("sys.node", "\"info\"")).receive();
      assertThat(log.lines()).isEmpty();
      peer.send(call("sys.processes", "{\"type\":\"stop\",\"process\":\"counter\"}")).receive();
      peer.send(call("sys.node", "\"reload\"")).receive();
      assertThat(log.lines())
          .hasSize(2)
          .allMatch(line -> line.startsWith("admin by=ops peer=127.0.0.1:"))
          .anyMatch(line -> line.endsWith(" act=stop process=counter"))
          .anyMatch(line -> line.endsWith(" act=reload"));
    }
  }

  @Test
  void tokensThatCrossTheNetworkInTheClearAreWarnedOf() throws Exception {
    tokens().create("ops", TODAY);
    var file = config("auth: token\ntokens:\n  file: %s\n".formatted(folder.resolve("tokens")));
    try (var log = CapturedLog.of(Daemon.class)) {
      DaemonUnderTest.start(Optional.of(file), Map.of()).close();
      assertThat(log.lines()).noneMatch(line -> line.contains("unencrypted"));
      var flags = Map.of("--listen", "0.0.0.0:0");
      Daemon.start(ConfigLoader.load(Optional.of(file), Map.of(), flags)).close();
      assertThat(log.lines()).anyMatch(line -> line.startsWith("tokens cross the network"));
    }
  }

  @Test
  void noLogHoldsAToken() throws Exception {
    var token = tokens().create("ops", TODAY);
    try (var all = CapturedLog.of("dev.genserver");
        var daemon = withLogin("- name: ops\n")) {
      try (var right = daemon.peer();
          var wrong = daemon.peer()) {
        right.send(hello(token)).receive();
        wrong.send(hello(token + "x")).receive();
      }
      assertThat(all.lines())
          .anyMatch(line -> line.startsWith("login failed peer=127.0.0.1:"))
          .noneMatch(line -> line.contains(token));
    }
  }
}
