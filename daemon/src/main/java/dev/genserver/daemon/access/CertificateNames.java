package dev.genserver.daemon.access;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/// Whom a certificate was made out to.
///
/// @param commonName the `CN` of its subject
/// @param all its subject as RFC 2253 writes it, such as `CN=shop,O=Acme`, its common name as
///   `CN=shop`, and its alternative names as `DNS:shop.example`, `URI:spiffe://acme/shop`,
///   `EMAIL:shop@acme.example`, `IP:10.0.0.7`
public record CertificateNames(Optional<String> commonName, List<String> all) {

  // RFC 5280, 4.2.1.6: the numbers of the kinds of alternative names.
  private static final Map<Integer, String> KINDS =
      Map.of(1, "EMAIL:", 2, "DNS:", 6, "URI:", 7, "IP:");

  public CertificateNames {
    all = List.copyOf(all);
  }

  /// Reads them from a certificate that was verified.
  public static CertificateNames of(X509Certificate certificate) {
    var subject = certificate.getSubjectX500Principal().getName();
    var commonName = commonName(subject);
    var all = new ArrayList<String>();
    all.add(subject);
    commonName.ifPresent(name -> all.add("CN=" + name));
    try {
      var alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (var alternative : alternatives) {
          var kind = KINDS.get(alternative.get(0));
          if (kind != null) {
            all.add(kind + alternative.get(1));
          }
        }
      }
    } catch (CertificateParsingException _) {
      // Then it is known by its subject alone.
    }
    return new CertificateNames(commonName, all);
  }

  private static Optional<String> commonName(String subject) {
    try {
      return new LdapName(subject)
          .getRdns().reversed().stream()
              .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
              .map(rdn -> rdn.getValue().toString())
              .findFirst();
    } catch (InvalidNameException _) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return all.isEmpty() ? "a certificate without names" : all.getFirst();
  }
}
