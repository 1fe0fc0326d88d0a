package dev.genserver.daemon.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import javax.net.ssl.SSLException;

/// The server's side of TLS, made of PEM files. Thread-safe.
public final class Tls {

  /// What is in Java's defaults besides has no forward secrecy, or no authenticated encryption.
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private final TlsFiles files;
  private volatile Contexts contexts;

  /// @param expires when the first of the certificates runs out
  /// @param admin asks for certificates and requires none: those who only look whether the daemon
  ///   is well have none
  private record Contexts(SslContext wire, SslContext admin, Instant expires) {}

  private Tls(TlsFiles files, Contexts contexts) {
    this.files = files;
    this.contexts = contexts;
  }

  /// Reads the files.
  ///
  /// @throws TlsException if one of them cannot be read or used, or the key is not the
  ///   certificate's
  public static Tls of(TlsFiles files) throws TlsException {
    return new Tls(files, read(files));
  }

  /// Reads the files again; connections that come from now on get what is in them.
  ///
  /// @throws TlsException if they cannot be used; then what was read before goes on
  public void reload() throws TlsException {
    contexts = read(files);
  }

  /// What is to be watched for changes.
  public List<Path> paths() {
    return files.paths();
  }

  /// When the daemon's certificate, or one that it sends with it, runs out.
  public Instant expires() {
    return contexts.expires();
  }

  SslHandler newHandler(ByteBufAllocator allocator, Duration handshakeTimeout) {
    return newHandler(contexts.wire(), allocator, handshakeTimeout);
  }

  SslHandler newAdminHandler(ByteBufAllocator allocator, Duration handshakeTimeout) {
    return newHandler(contexts.admin(), allocator, handshakeTimeout);
  }

  private static SslHandler newHandler(
      SslContext context, ByteBufAllocator allocator, Duration handshakeTimeout) {
    var handler = context.newHandler(allocator);
    handler.setHandshakeTimeoutMillis(handshakeTimeout.toMillis());
    return handler;
  }

  private static Contexts read(TlsFiles files) throws TlsException {
    var chain = Pem.certificates("tls.certificate", files.certificate());
    var key = Pem.privateKey("tls.key", files.key());
    Pem.checkPair(files.certificate(), chain.getFirst(), files.key(), key);
    var wire = builder(key, chain);
    var admin = builder(key, chain);
    if (files.clientCa().isPresent()) {
      var trusted = Pem.certificates("tls.client-ca", files.clientCa().get());
      wire.trustManager(trusted)
          .clientAuth(files.clientCertificateRequired() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
      admin.trustManager(trusted).clientAuth(ClientAuth.OPTIONAL);
    }
    try {
      return new Contexts(wire.build(), admin.build(), expiry(chain));
    } catch (SSLException e) {
      throw new TlsException(
          "TLS cannot be set up with %s and %s: %s"
              .formatted(files.certificate(), files.key(), e.getMessage()),
          e);
    }
  }

  private static Instant expiry(List<X509Certificate> chain) {
    return chain.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  private static SslContextBuilder builder(PrivateKey key, List<X509Certificate> chain) {
    return SslContextBuilder.forServer(key, chain)
        .sslProvider(SslProvider.JDK)
        .protocols("TLSv1.3", "TLSv1.2")
        .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
  }
}
