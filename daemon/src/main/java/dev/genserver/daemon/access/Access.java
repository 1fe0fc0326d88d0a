package dev.genserver.daemon.access;

import dev.genserver.daemon.access.Login.Granted;
import dev.genserver.daemon.access.Login.Refused;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Decides who may come in and what they may do, as it is configured at one moment. Immutable.
public final class Access {

  /// Lets everybody in and do everything.
  public static final Access OPEN = new Access(Auth.NONE, List.of(), Tokens.NONE);

  private static final String NO_TOKEN =
      "log in: send a token, in a hello that comes first, or over HTTP as 'Authorization: Bearer"
          + " TOKEN'; the operator makes one with 'genserverd token create NAME'";
  private static final String BAD_TOKEN =
      "the token is not known here; it may have been revoked, ask the operator for another";
  private static final String NO_CERTIFICATE =
      "log in: connect with a client certificate that this daemon's client CA has signed";
  private static final String BAD_CERTIFICATE =
      "the client certificate belongs to no principal that is known here";

  private final Auth auth;
  private final List<PrincipalSpec> specs;
  private final Map<String, PrincipalSpec> byName = new HashMap<>();
  private final Map<String, PrincipalSpec> byCertificate = new HashMap<>();
  private final Tokens tokens;

  /// @param specs if there are none, whoever logs in may do everything but administer
  public Access(Auth auth, List<PrincipalSpec> specs, Tokens tokens) {
    this.auth = auth;
    this.specs = List.copyOf(specs);
    this.tokens = tokens;
    for (var spec : specs) {
      byName.put(spec.name(), spec);
      spec.certificates().forEach(each -> byCertificate.put(each, spec));
    }
  }

  /// The same with other tokens.
  public Access with(Tokens others) {
    return new Access(auth, specs, others);
  }

  /// How many tokens there are.
  public int tokenCount() {
    return tokens.size();
  }

  /// Whether nothing can be done before a login.
  public boolean loginRequired() {
    return auth != Auth.NONE;
  }

  /// Whether a certificate alone is a login.
  public boolean certificateSuffices() {
    return auth == Auth.CERTIFICATE || auth == Auth.EITHER;
  }

  /// Whether tokens are looked at.
  public boolean takesTokens() {
    return auth.takesTokens();
  }

  /// Checks who somebody is. Takes as long for a wrong token as for a right one.
  public Login login(Credentials credentials) {
    return switch (auth) {
      case NONE -> new Granted(anonymous());
      case TOKEN -> byToken(credentials);
      case CERTIFICATE -> byCertificate(credentials);
      case EITHER ->
          credentials.token().isPresent() || credentials.certificate().isEmpty()
              ? byToken(credentials)
              : byCertificate(credentials);
      case BOTH -> byBoth(credentials);
    };
  }

  private Principal anonymous() {
    var spec = byName.get(PrincipalSpec.ANONYMOUS);
    return new Principal(Optional.empty(), spec == null ? Rights.ALL : spec.rights());
  }

  private Login byToken(Credentials credentials) {
    if (credentials.token().isEmpty()) {
      return new Refused(NO_TOKEN);
    }
    return tokens
        .owner(credentials.token().get())
        .<Login>map(name -> new Granted(principal(name)))
        .orElseGet(() -> new Refused(BAD_TOKEN));
  }

  private Login byCertificate(Credentials credentials) {
    if (credentials.certificate().isEmpty()) {
      return new Refused(NO_CERTIFICATE);
    }
    return owner(credentials.certificate().get())
        .<Login>map(name -> new Granted(principal(name)))
        .orElseGet(() -> new Refused(BAD_CERTIFICATE));
  }

  private Login byBoth(Credentials credentials) {
    var certificate = byCertificate(credentials);
    var token = byToken(credentials);
    if (certificate instanceof Granted(Principal one) && token instanceof Granted(Principal two)) {
      return one.name().equals(two.name())
          ? token
          : new Refused("the token and the client certificate belong to different principals");
    }
    return certificate instanceof Refused ? certificate : token;
  }

  /// The principal that lists one of the names, else the one that is called as the common name is;
  /// that, only if it lists no names itself.
  private Optional<String> owner(CertificateNames certificate) {
    for (var name : certificate.all()) {
      var spec = byCertificate.get(name);
      if (spec != null) {
        return Optional.of(spec.name());
      }
    }
    return certificate
        .commonName()
        .filter(name -> PrincipalName.isValid(name) && !name.equals(PrincipalSpec.ANONYMOUS))
        .filter(name -> !byName.containsKey(name) || byName.get(name).certificates().isEmpty());
  }

  private Principal principal(String name) {
    var spec = byName.get(name);
    var rights =
        spec != null ? spec.rights() : specs.isEmpty() ? Rights.ALL_BUT_ADMIN : Rights.NONE;
    return new Principal(Optional.of(name), rights);
  }
}
