package dev.genserver.daemon.access;

import java.util.Optional;

/// By what a client proves who it is. Immutable; holds no token, only what can be compared.
public final class Credentials {

  public static final Credentials NONE = new Credentials(Optional.empty(), Optional.empty());

  private final Optional<TokenHash> token;
  private final Optional<CertificateNames> certificate;

  private Credentials(Optional<TokenHash> token, Optional<CertificateNames> certificate) {
    this.token = token;
    this.certificate = certificate;
  }

  public Credentials withToken(String token) {
    return new Credentials(Optional.of(TokenHash.of(token)), certificate);
  }

  /// The same with a certificate.
  ///
  /// @param certificate of a client that has proven, in a TLS handshake, that it is its own
  public Credentials withCertificate(CertificateNames certificate) {
    return new Credentials(token, Optional.of(certificate));
  }

  Optional<TokenHash> token() {
    return token;
  }

  Optional<CertificateNames> certificate() {
    return certificate;
  }
}
