package dev.genserver.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// A client's side of TLS, with the certificates that `genserverd tls self-signed` makes.
final class ClientTls {

  private ClientTls() {}

  /// What a client connects with.
  ///
  /// @param version of the protocol
  /// @param trusted the folder whose CA it trusts
  /// @param own the folder whose client certificate it shows; null for none
  static SSLContext of(String version, Path trusted, @Nullable Path own)
      throws GeneralSecurityException, IOException {
    var trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("ca", certificate(trusted.resolve("ca.crt")));
    var trusting = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusting.init(trust);
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    if (own != null) {
      var pem = Files.readString(own.resolve("client.key")).replaceAll("-----.*-----", "");
      var key =
          KeyFactory.getInstance("EC")
              .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem)));
      store.setKeyEntry(
          "own", key, new char[0], new Certificate[] {certificate(own.resolve("client.crt"))});
    }
    keys.init(store, new char[0]);
    var context = SSLContext.getInstance(version);
    context.init(keys.getKeyManagers(), trusting.getTrustManagers(), null);
    return context;
  }

  private static Certificate certificate(Path file) throws GeneralSecurityException, IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }
}
