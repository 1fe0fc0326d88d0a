package dev.genserver.protocol;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// How a client knows the daemon by TLS, and is known by it. Immutable and thread-safe.
///
/// TLS 1.3 or 1.2 is spoken. The daemon's certificate must be signed by a CA that is trusted, be
/// valid now, and be for the host or IP address that is connected to. None of that can be switched
/// off.
///
/// The files are PEM. They are read anew for each connection, so renewed ones are taken up.
///
/// @param ca the certificates of the CAs to trust; null for those that the JVM trusts
/// @param certificate the client's certificate, then those of the CAs between it and the one that
///   the daemon trusts; null for none
/// @param key the certificate's private key (PKCS #8, not encrypted); null for none
/// @param serverName whom the daemon's certificate must be for; null for the host that is connected
///   to
public record TlsOptions(
    @Nullable Path ca,
    @Nullable Path certificate,
    @Nullable Path key,
    @Nullable String serverName) {

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  /// Keys live in memory only; the password is there because the interface wants one.
  private static final char[] NO_PASSWORD = {};

  /// @throws IllegalArgumentException if there is a certificate or a key without the other
  public TlsOptions {
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException(
          "a client's certificate and its key belong together; give both or none");
    }
  }

  /// Trusts the CAs that the JVM trusts; no client certificate.
  public static TlsOptions defaults() {
    return new TlsOptions(null, null, null, null);
  }

  /// Trusts these CAs, and no others.
  public TlsOptions ca(Path ca) {
    return new TlsOptions(ca, certificate, key, serverName);
  }

  /// Has this certificate to show, if the daemon asks for one.
  public TlsOptions identity(Path certificate, Path key) {
    return new TlsOptions(ca, certificate, key, serverName);
  }

  /// Expects the daemon's certificate to be for that host name or IP address, whatever address is
  /// connected to.
  public TlsOptions serverName(String serverName) {
    return new TlsOptions(ca, certificate, key, serverName);
  }

  /// Whom the daemon's certificate must be for.
  String expectedName(String host) {
    return serverName == null ? host : serverName;
  }

  /// A client's engine, which verifies as said above.
  SSLEngine engine(String host, int port) throws TlsException {
    var engine = context().createSSLEngine(expectedName(host), port);
    engine.setUseClientMode(true);
    var parameters = engine.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    return engine;
  }

  private SSLContext context() throws TlsException {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(keys(), trusted(), null);
      return context;
    } catch (TlsException e) {
      throw e;
    } catch (GeneralSecurityException | IOException e) {
      throw new TlsException(
          TlsException.Fault.FILE, "TLS cannot be used as configured: " + e.getMessage(), e);
    }
  }

  private TrustManager @Nullable [] trusted() throws GeneralSecurityException, IOException {
    if (ca == null) {
      return null;
    }
    var store = emptyStore();
    for (var certificate : PemFile.read("CA file", ca).certificates()) {
      store.setCertificateEntry("ca-" + store.size(), certificate);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private KeyManager @Nullable [] keys() throws GeneralSecurityException, IOException {
    if (certificate == null || key == null) {
      return null;
    }
    var chain =
        PemFile.read("client certificate", certificate)
            .certificates()
            .toArray(X509Certificate[]::new);
    var keyFile = PemFile.read("client key", key);
    var privateKey = keyFile.privateKey(chain[0].getPublicKey().getAlgorithm());
    if (!belongTogether(chain[0], privateKey)) {
      throw keyFile.problem("is not the key of the certificate " + certificate, null);
    }
    var store = emptyStore();
    store.setKeyEntry("client", privateKey, NO_PASSWORD, chain);
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  /// Whether the certificate confirms what the key signs.
  private static boolean belongTogether(X509Certificate certificate, PrivateKey key)
      throws GeneralSecurityException {
    var algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm(); // EdDSA signs without another hash
        };
    var text = new byte[32];
    var signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(text);
    var verifying = Signature.getInstance(algorithm);
    verifying.initVerify(certificate.getPublicKey());
    verifying.update(text);
    return verifying.verify(signing.sign());
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
