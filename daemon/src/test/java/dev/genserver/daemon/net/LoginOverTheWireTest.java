package dev.genserver.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.daemon.access.Access;
import dev.genserver.daemon.access.Auth;
import dev.genserver.daemon.access.NameSet;
import dev.genserver.daemon.access.PrincipalSpec;
import dev.genserver.daemon.access.Rights;
import dev.genserver.daemon.access.TokenFile;
import dev.genserver.sdk.StartOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a client meets that has to log in, and may not do everything.
class LoginOverTheWireTest {

  private static final String ADD =
      "{\"op\":\"call\",\"id\":7,\"to\":\"probe\",\"msg\":{\"type\":\"add\",\"by\":3}}";

  @TempDir Path folder;
  private TokenFile file;
  private String token;

  @BeforeEach
  void makeAToken() throws IOException {
    file = new TokenFile(folder.resolve("tokens"));
    token = file.create("shop", LocalDate.of(2026, 11, 23));
  }

  private static String hello(String token) {
    return "{\"op\":\"hello\",\"id\":1,\"versions\":[1],\"token\":\"" + token + "\"}";
  }

  private static List<?> handled(WireFixture wire) {
    return wire.node.call(wire.pid, new Probe.Call.Log(), List.class);
  }

  private Access access(PrincipalSpec... principals) throws IOException {
    return new Access(Auth.TOKEN, List.of(principals), file.read());
  }

  private WireFixture wire(PrincipalSpec... principals) throws IOException {
    return WireFixture.start(Limits.usual(), access(principals), null);
  }

  private static PrincipalSpec shop(List<String> call, boolean admin) {
    return new PrincipalSpec(
        "shop",
        List.of(),
        new Rights(NameSet.of(call), NameSet.NONE, NameSet.of(List.of("probe")), admin));
  }

  @Test
  void welcomeTellsThePrincipalAndThenAllIsAsUsual() throws IOException {
    try (var wire = wire();
        var peer = wire.peer()) {
      assertThat(peer.send(hello(token)).receive())
          .containsEntry("op", "welcome")
          .containsEntry("principal", "shop");
      assertThat(peer.send(ADD).receive()).containsEntry("op", "reply").containsEntry("id", 7L);
    }
  }

  @Test
  void requestsMayFollowTheHelloWithoutWaiting() throws IOException {
    try (var wire = wire();
        var peer = wire.peer()) {
      peer.send(hello(token)).send(ADD);
      assertThat(peer.receive()).containsEntry("op", "welcome");
      assertThat(peer.receive()).containsEntry("op", "reply");
    }
  }

  @Test
  void wrongTokenIsUnauthenticatedWithTheIdAndTheConnectionEnds() throws IOException {
    try (var wire = wire();
        var peer = wire.peer()) {
      var answer = peer.send(hello("gsd_wrong")).send(ADD).receive();
      assertThat(answer).containsEntry("id", 1L);
      assertThat(Peer.error(answer))
          .containsEntry("code", "unauthenticated")
          .containsEntry("executed", "no");
      assertThat(peer.rest()).isEmpty();
      assertThat(handled(wire)).isEmpty();
    }
  }

  @Test
  void whoHasSentAllThereIsAndWaitsIsToldOfTheFailedLoginToo() throws IOException {
    try (var wire = wire();
        var peer = wire.peer()) {
      var answer = peer.send(hello("gsd_wrong")).endInput().receive();
      assertThat(Peer.error(answer)).containsEntry("code", "unauthenticated");
      assertThat(peer.rest()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"op\":\"call\",\"id\":7,\"to\":\"probe\",\"msg\":\"get\"}",
        "{\"op\":\"cast\",\"id\":7,\"to\":\"probe\",\"msg\":\"get\"}",
        "{\"op\":\"ping\",\"id\":7}",
        "{\"op\":\"monitor\",\"id\":7,\"to\":\"probe\"}",
        "{\"op\":\"demonitor\",\"id\":7,\"ref\":\"m-1\"}",
        "{\"op\":\"hello\",\"id\":7,\"versions\":[1]}"
      })
  void whateverElseComesFirstIsUnauthenticatedAndTheConnectionEnds(String first)
      throws IOException {
    try (var wire = wire();
        var peer = wire.peer()) {
      var answer = peer.send(first).receive();
      assertThat(answer).containsEntry("id", 7L);
      assertThat(Peer.error(answer))
          .containsEntry("code", "unauthenticated")
          .containsEntry(
              "message",
              "log in: send a token, in a hello that comes first, or over HTTP as 'Authorization:"
                  + " Bearer TOKEN'; the operator makes one with 'genserverd token create NAME'");
      assertThat(peer.rest()).isEmpty();
    }
  }

  @Test
  void silentCastBeforeTheLoginDoesNothingAndEndsTheConnection() throws IOException {
    try (var wire = wire();
        var peer = wire.peer()) {
      peer.send("{\"op\":\"cast\",\"to\":\"probe\",\"msg\":{\"type\":\"add\",\"by\":3}}");
      assertThat(Peer.error(peer.receive())).containsEntry("code", "unauthenticated");
      assertThat(peer.rest()).isEmpty();
      assertThat(handled(wire)).isEmpty();
    }
  }

  @Test
  void beforeTheLoginAFrameHasAtMost16KiB() throws IOException {
    try (var wire = wire();
        var peer = wire.peer()) {
      peer.sendBytes(new byte[] {0, 0, 0x40, 1});
      assertThat(peer.receive())
          .containsEntry("op", "goodbye")
          .containsEntry("code", "frame_too_large");
    }
    try (var wire = wire();
        var peer = wire.peer()) {
      peer.send(hello(token)).receive();
      var long1 = "x".repeat(20_000);
      assertThat(
              peer.send("{\"op\":\"call\",\"id\":2,\"to\":\"%s\",\"msg\":1}".formatted(long1))
                  .receive())
          .containsEntry("op", "error")
          .containsEntry("id", 2L);
    }
  }

  @Test
  void lineBeforeTheLoginHasAtMost16KiBToo() throws IOException {
    try (var wire = wire();
        var peer = wire.peer()) {
      peer.sendBytes(("{" + " ".repeat(17_000)).getBytes(StandardCharsets.US_ASCII));
      assertThat(peer.receiveLine())
          .containsEntry("op", "goodbye")
          .containsEntry("code", "frame_too_large");
    }
  }

  @Test
  void whoDoesNotLogInInTimeIsToldAndClosed() throws IOException {
    var limits = Limits.of(each -> each.loginTimeout = Duration.ofMillis(200));
    try (var wire = WireFixture.start(limits, access(), null);
        var peer = wire.peer()) {
      assertThat(peer.receive())
          .containsEntry("op", "goodbye")
          .containsEntry("code", "unauthenticated")
          .containsEntry("message", "no login within 200ms; send a hello with a token first");
      assertThat(peer.rest()).isEmpty();
    }
  }

  @Test
  void whoHasLoggedInMayStayLongerThanTheLoginMayTake() throws Exception {
    var limits = Limits.of(each -> each.loginTimeout = Duration.ofMillis(200));
    try (var wire = WireFixture.start(limits, access(), null);
        var peer = wire.peer();
        var silent = wire.peer()) {
      peer.send(hello(token)).receive();
      silent.rest(); // is closed only after the time is up
      assertThat(peer.send(ADD).receive()).containsEntry("op", "reply");
    }
  }

  @Test
  void revokedTokenEndsTheConnectionsThatUseIt() throws IOException {
    var other = file.create("ops", LocalDate.of(2026, 11, 23));
    try (var wire = wire();
        var revoked = wire.peer();
        var kept = wire.peer()) {
      revoked.send(hello(token)).receive();
      kept.send(hello(other)).receive();
      file.revoke("shop");
      wire.access.replace(wire.access.current().with(file.read()));
      assertThat(revoked.receive())
          .containsEntry("op", "goodbye")
          .containsEntry("code", "unauthenticated");
      assertThat(revoked.rest()).isEmpty();
      assertThat(kept.send(ADD).receive()).containsEntry("op", "reply");
    }
  }

  @Test
  void rightsThatChangeApplyToThoseWhoAreLoggedIn() throws IOException {
    try (var wire = wire(shop(List.of("probe"), false));
        var peer = wire.peer()) {
      peer.send(hello(token)).receive();
      assertThat(peer.send(ADD).receive()).containsEntry("op", "reply");
      wire.access.replace(access(shop(List.of(), false)));
      assertThat(Peer.error(peer.send(ADD).receive())).containsEntry("code", "forbidden");
      wire.access.replace(access(shop(List.of("pr*"), false)));
      assertThat(peer.send(ADD).receive()).containsEntry("op", "reply");
    }
  }

  @Test
  void forbiddenRequestIsRefusedAndTheConnectionLivesOn() throws IOException {
    try (var wire = wire(shop(List.of("other"), false));
        var peer = wire.peer()) {
      peer.send(hello(token)).receive();
      var answer = peer.send(ADD).receive();
      assertThat(answer).containsEntry("id", 7L);
      assertThat(Peer.error(answer))
          .containsEntry("code", "forbidden")
          .containsEntry("executed", "no")
          .containsEntry(
              "message",
              "shop may not call 'probe'; the daemon's operator grants that under 'principals'");
      assertThat(
              Peer.error(
                  peer.send("{\"op\":\"cast\",\"id\":8,\"to\":\"probe\",\"msg\":\"get\"}")
                      .receive()))
          .containsEntry("code", "forbidden");
      peer.send("{\"op\":\"cast\",\"to\":\"probe\",\"msg\":{\"type\":\"add\",\"by\":3}}");
      assertThat(peer.send("{\"op\":\"monitor\",\"id\":9,\"to\":\"probe\"}").receive())
          .containsEntry("op", "ok")
          .containsEntry("id", 9L);
      assertThat(handled(wire)).isEmpty();
      assertThat(wire.server.counters()).containsEntry("requests_forbidden", 3L);
    }
  }

  @Test
  void refusalDoesNotTellWhatIsThere() throws IOException {
    try (var wire = wire(shop(List.of("other"), false));
        var peer = wire.peer()) {
      peer.send(hello(token)).receive();
      var there = Peer.error(peer.send(ADD).receive());
      var missing = Peer.error(peer.send(ADD.replace("probe", "prube")).receive());
      assertThat(missing.get("message"))
          .isEqualTo(there.get("message").toString().replace("probe", "prube"));
      // What may be called, but is not there, is not explained by what may not.
      var near = peer.send(ADD.replace("probe", "other")).receive();
      assertThat(Peer.error(near)).containsEntry("code", "noproc").doesNotContainKey("details");
    }
  }

  @Test
  void nameThatIsMeantIsNotLookedForAmongThousands() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      assertThat(Peer.details(peer.send(ADD.replace("probe", "prob")).receive()))
          .containsEntry("did_you_mean", "probe");
      for (var i = 0; i < 1_000; i++) {
        wire.node.start(new Probe(), StartOptions.named("probe" + i)).pidOrThrow();
      }
      assertThat(Peer.error(peer.send(ADD.replace("probe", "prob")).receive()))
          .containsEntry("code", "noproc")
          .doesNotContainKey("details");
    }
  }

  @Test
  void namesAreNotLookedForAgainAndAgain() {
    try (var wire = WireFixture.start();
        var peer = wire.peer()) {
      for (var i = 0; i < 1_000; i++) {
        peer.send(ADD.replace("probe", "prob"));
      }
      var suggestions = 0;
      for (var i = 0; i < 1_000; i++) {
        suggestions += Peer.error(peer.receive()).containsKey("details") ? 1 : 0;
      }
      assertThat(suggestions).isBetween(1, 900);
    }
  }

  @Test
  void pidIsWorthAsMuchAsTheNameOfItsProcess() throws IOException {
    try (var wire = wire(shop(List.of("probe"), false));
        var peer = wire.peer()) {
      peer.send(hello(token)).receive();
      assertThat(peer.send(ADD.replace("probe", wire.pid.toString())).receive())
          .containsEntry("op", "reply");
      wire.access.replace(access(shop(List.of("other"), false)));
      assertThat(Peer.error(peer.send(ADD.replace("probe", wire.pid.toString())).receive()))
          .containsEntry("code", "forbidden");
    }
  }

  @Test
  void processesOfTheDaemonTakeTheRightToAdministerBeItByTheirPid() throws IOException {
    try (var wire = wire(shop(List.of("*"), false));
        var peer = wire.peer()) {
      var sys = wire.node.start(new Probe(), StartOptions.named("sys.probe")).pidOrThrow();
      peer.send(hello(token)).receive();
      assertThat(Peer.error(peer.send(ADD.replace("probe", "sys.probe")).receive()))
          .containsEntry("code", "forbidden");
      assertThat(Peer.error(peer.send(ADD.replace("probe", sys.toString())).receive()))
          .containsEntry("code", "forbidden");
      wire.access.replace(access(shop(List.of(), true)));
      assertThat(peer.send(ADD.replace("probe", "sys.probe")).receive())
          .containsEntry("op", "reply");
      assertThat(peer.send(ADD.replace("probe", sys.toString())).receive())
          .containsEntry("op", "reply");
    }
  }

  @Test
  void everyFailureIsAnsweredLater() throws IOException {
    try (var wire = wire()) {
      var slow = 0L;
      for (var i = 0; i < 3; i++) {
        var begun = System.nanoTime();
        try (var peer = wire.peer()) {
          peer.send(hello("wrong")).receive();
        }
        slow = System.nanoTime() - begun;
      }
      assertThat(Duration.ofNanos(slow)).isGreaterThanOrEqualTo(Duration.ofMillis(400));
      assertThat(wire.server.counters()).containsEntry("logins_failed", 3L);
    }
  }

  @Test
  void anonymousHasTheRightsThatAreConfiguredWhereNobodyLogsIn() throws IOException {
    var anonymous =
        new PrincipalSpec(
            PrincipalSpec.ANONYMOUS,
            List.of(),
            new Rights(NameSet.NONE, NameSet.ALL, NameSet.NONE, false));
    var access = new Access(Auth.NONE, List.of(anonymous), file.read());
    try (var wire = WireFixture.start(Limits.usual(), access, null);
        var peer = wire.peer()) {
      assertThat(peer.send(hello(token)).receive()).doesNotContainKey("principal");
      assertThat(Peer.error(peer.send(ADD).receive()))
          .containsEntry("code", "forbidden")
          .containsEntry(
              "message",
              "anonymous may not call 'probe'; the daemon's operator grants that under 'principals'");
    }
  }
}
