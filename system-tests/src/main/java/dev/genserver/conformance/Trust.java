package dev.genserver.conformance;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// TLS with a daemon whose certificate one CA has signed.
final class Trust {

  private final SSLContext context;

  /// Trusts the CA in a PEM file, and nobody else.
  Trust(Path ca) throws IOException {
    try (var pem = Files.newInputStream(ca)) {
      var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
      var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
    } catch (GeneralSecurityException e) {
      throw new IOException("no TLS with " + ca, e);
    }
  }

  /// Speaks TLS over a connection, and closes that with itself.
  Socket over(Socket plain, Address address, String... versions) throws IOException {
    var socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(plain, address.host(), address.port(), true);
    socket.setSoTimeout(Peer.PATIENCE_MS);
    if (versions.length > 0) {
      socket.setEnabledProtocols(versions);
    }
    socket.startHandshake();
    return socket;
  }
}
