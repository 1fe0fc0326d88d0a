package dev.genserver.daemon.access;

import java.util.List;

/// What is configured for a principal.
///
/// @param certificates the names in client certificates by which it is known, as
///   [CertificateNames#all] has them; if there are none, the certificate's common name has to be
///   the principal's
public record PrincipalSpec(String name, List<String> certificates, Rights rights) {

  /// Whom nobody has to be: the rights of those who have not logged in where no login is asked for.
  public static final String ANONYMOUS = "anonymous";

  public PrincipalSpec {
    certificates = List.copyOf(certificates);
  }
}
