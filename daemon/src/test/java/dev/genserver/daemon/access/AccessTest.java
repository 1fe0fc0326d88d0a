package dev.genserver.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.daemon.access.Login.Granted;
import dev.genserver.daemon.access.Login.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class AccessTest {

  private static final Tokens TOKENS =
      new Tokens(
          List.of(
              new Tokens.Entry("shop", TokenHash.of("token-of-shop")),
              new Tokens.Entry("shop", TokenHash.of("next-of-shop")),
              new Tokens.Entry("ops", TokenHash.of("token-of-ops"))));
  private static final Rights COUNTER =
      new Rights(NameSet.of(List.of("counter")), NameSet.NONE, NameSet.NONE, false);
  private static final List<PrincipalSpec> SPECS =
      List.of(
          new PrincipalSpec("shop", List.of(), COUNTER),
          new PrincipalSpec("ops", List.of("DNS:ops.example", "CN=admin,O=Acme"), Rights.ALL));

  private static Credentials token(String token) {
    return Credentials.NONE.withToken(token);
  }

  private static Credentials certificate(String commonName, String... others) {
    var all = new ArrayList<>(List.of("CN=" + commonName + ",O=Acme", "CN=" + commonName));
    all.addAll(List.of(others));
    return Credentials.NONE.withCertificate(new CertificateNames(Optional.of(commonName), all));
  }

  private static Optional<String> who(Login login) {
    return switch (login) {
      case Granted(Principal principal) -> principal.name();
      case Refused _ -> Optional.empty();
    };
  }

  private static Rights rights(Login login) {
    return switch (login) {
      case Granted(Principal principal) -> principal.rights();
      case Refused(String reason) -> throw new AssertionError(reason);
    };
  }

  @Test
  void withoutLoginEverybodyMayDoEverythingUnlessAnonymousIsConfigured() {
    assertThat(rights(Access.OPEN.login(Credentials.NONE))).isEqualTo(Rights.ALL);
    var anonymous = new PrincipalSpec(PrincipalSpec.ANONYMOUS, List.of(), COUNTER);
    var access = new Access(Auth.NONE, List.of(anonymous), Tokens.NONE);
    assertThat(access.loginRequired()).isFalse();
    assertThat(rights(access.login(Credentials.NONE))).isEqualTo(COUNTER);
  }

  @ParameterizedTest
  @EnumSource(value = Auth.class, mode = Mode.EXCLUDE, names = "NONE")
  void whoHasNothingIsRefusedWhereLoginIsAskedFor(Auth auth) {
    var access = new Access(auth, SPECS, TOKENS);
    assertThat(access.loginRequired()).isTrue();
    assertThat(access.login(Credentials.NONE)).isInstanceOf(Refused.class);
  }

  @Test
  void eachTokenOfAPrincipalLogsItIn() {
    var access = new Access(Auth.TOKEN, SPECS, TOKENS);
    assertThat(who(access.login(token("token-of-shop")))).contains("shop");
    assertThat(who(access.login(token("next-of-shop")))).contains("shop");
    assertThat(who(access.login(token("token-of-ops")))).contains("ops");
    assertThat(access.login(token("token-of-shop "))).isInstanceOf(Refused.class);
    assertThat(access.login(certificate("shop"))).isInstanceOf(Refused.class);
  }

  @Test
  void refusalDoesNotTellTheTokenOrWhomItMightHaveBeen() {
    var access = new Access(Auth.TOKEN, SPECS, TOKENS);
    assertThat(access.login(token("a-secret-that-is-wrong")))
        .isEqualTo(
            new Refused(
                "the token is not known here; it may have been revoked, ask the operator for another"));
  }

  @Test
  void certificateIsKnownByItsCommonNameUnlessThePrincipalListsNames() {
    var access = new Access(Auth.CERTIFICATE, SPECS, Tokens.NONE);
    assertThat(who(access.login(certificate("shop")))).contains("shop");
    assertThat(access.login(certificate("ops"))).isInstanceOf(Refused.class);
    assertThat(who(access.login(certificate("x", "DNS:ops.example")))).contains("ops");
    assertThat(who(access.login(certificate("admin")))).contains("ops");
    assertThat(access.login(certificate(PrincipalSpec.ANONYMOUS))).isInstanceOf(Refused.class);
  }

  @Test
  void principalThatIsNotConfiguredMayDoNothing() {
    var access = new Access(Auth.CERTIFICATE, SPECS, Tokens.NONE);
    assertThat(rights(access.login(certificate("stranger")))).isEqualTo(Rights.NONE);
  }

  @Test
  void withoutPrincipalsWhoLogsInMayDoAllButAdminister() {
    var access = new Access(Auth.TOKEN, List.of(), TOKENS);
    assertThat(rights(access.login(token("token-of-shop")))).isEqualTo(Rights.ALL_BUT_ADMIN);
  }

  @Test
  void eitherWillDoAndATokenCountsBeforeACertificate() {
    var access = new Access(Auth.EITHER, SPECS, TOKENS);
    assertThat(who(access.login(token("token-of-shop")))).contains("shop");
    assertThat(who(access.login(certificate("shop")))).contains("shop");
    assertThat(who(access.login(certificate("shop").withToken("token-of-ops")))).contains("ops");
    assertThat(access.login(certificate("shop").withToken("wrong"))).isInstanceOf(Refused.class);
  }

  @Test
  void bothMustBeOfTheSamePrincipal() {
    var access = new Access(Auth.BOTH, SPECS, TOKENS);
    assertThat(who(access.login(certificate("shop").withToken("token-of-shop")))).contains("shop");
    assertThat(access.login(certificate("shop"))).isInstanceOf(Refused.class);
    assertThat(access.login(token("token-of-shop"))).isInstanceOf(Refused.class);
    assertThat(access.login(certificate("shop").withToken("token-of-ops")))
        .isEqualTo(
            new Refused("the token and the client certificate belong to different principals"));
  }
}
