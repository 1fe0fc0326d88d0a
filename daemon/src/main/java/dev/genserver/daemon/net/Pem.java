package dev.genserver.daemon.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// Reads certificates and keys from PEM files (RFC 7468).
final class Pem {

  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");
  private static final long LONGEST = 1 << 20;

  private Pem() {}

  /// The certificates of a file, in its order; at least one.
  ///
  /// @param setting what the file is for
  static List<X509Certificate> certificates(String setting, Path file) throws TlsException {
    try {
      var certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(read(setting, file)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!certificates.isEmpty()) {
        return certificates;
      }
    } catch (GeneralSecurityException e) {
      throw new TlsException(
          "%s %s holds something else than certificates: %s"
              .formatted(setting, file, e.getMessage()),
          e);
    }
    throw new TlsException(
        "%s %s holds no certificate; in PEM form one begins with '-----BEGIN CERTIFICATE-----'"
            .formatted(setting, file));
  }

  static PrivateKey privateKey(String setting, Path file) throws TlsException {
    var text = new String(read(setting, file), StandardCharsets.ISO_8859_1);
    var pem = PRIVATE_KEY.matcher(text);
    if (pem.find()) {
      var encoded = Base64.getMimeDecoder().decode(pem.group(1));
      for (var algorithm : ALGORITHMS) {
        try {
          return KeyFactory.getInstance(algorithm)
              .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException _) {
          // Of another algorithm; what it is stands only within.
        }
      }
    }
    throw new TlsException(
        "%s %s holds no private key in the form '-----BEGIN PRIVATE KEY-----' (PKCS#8, not encrypted; RSA, EC or Ed25519); make one with 'openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW'"
            .formatted(setting, file));
  }

  /// Makes sure that the key is the certificate's: what it signs can be verified by that.
  static void checkPair(
      Path certificateFile, X509Certificate certificate, Path keyFile, PrivateKey key)
      throws TlsException {
    try {
      var signature = Signature.getInstance(signature(key));
      signature.initSign(key);
      signature.update(certificate.getSerialNumber().toByteArray());
      var signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(certificate.getSerialNumber().toByteArray());
      if (signature.verify(signed)) {
        return;
      }
    } catch (GeneralSecurityException _) {
      // Of different algorithms: no pair either.
    }
    throw new TlsException(
        "the key in tls.key %s is not that of the first certificate in tls.certificate %s; name the two that belong together"
            .formatted(keyFile, certificateFile));
  }

  private static String signature(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> key.getAlgorithm();
    };
  }

  private static byte[] read(String setting, Path file) throws TlsException {
    try {
      if (Files.size(file) > LONGEST) {
        throw new TlsException("%s %s is no PEM file: it is too long".formatted(setting, file));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new TlsException(
          "%s %s cannot be read: %s; mend the path, or the file's permissions"
              .formatted(setting, file, e),
          e);
    }
  }
}
