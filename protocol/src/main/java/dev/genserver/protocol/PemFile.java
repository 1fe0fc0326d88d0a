package dev.genserver.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A file of PEM blocks, of which there may be several, with any text between them.
///
/// ```
/// -----BEGIN CERTIFICATE-----
/// MIIBszCCAVmgAwIBAgIUQ…
/// -----END CERTIFICATE-----
/// ```
///
/// @param what what the file is to its user, for error messages
record PemFile(String what, Path path, List<Block> blocks) {

  /// All CAs that a system trusts are 200 KiB.
  private static final long MAX_BYTES = 4 << 20;

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  private static final String KEY = "PRIVATE KEY";
  private static final String ENCRYPTED_KEY = "ENCRYPTED PRIVATE KEY";

  /// What is between the two lines, as text.
  record Block(String label, String body) {}

  static PemFile read(String what, Path path) throws TlsException {
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw problem(what, path, "is too large to be one", null);
      }
      var blocks = new ArrayList<Block>();
      var match = BLOCK.matcher(Files.readString(path, ISO_8859_1));
      while (match.find()) {
        blocks.add(new Block(match.group(1), match.group(2)));
      }
      return new PemFile(what, path, List.copyOf(blocks));
    } catch (TlsException e) {
      throw e;
    } catch (NoSuchFileException e) {
      throw problem(what, path, "does not exist", e);
    } catch (IOException e) {
      throw problem(what, path, "cannot be read: " + e, e);
    }
  }

  /// The certificates, at least one.
  List<X509Certificate> certificates() throws TlsException {
    var certificates = new ArrayList<X509Certificate>();
    for (var block : blocks) {
      if (block.label().equals("CERTIFICATE")) {
        certificates.add(certificate(block));
      }
    }
    if (certificates.isEmpty()) {
      throw problem("holds no certificate; it needs a PEM block 'BEGIN CERTIFICATE'", null);
    }
    return certificates;
  }

  private X509Certificate certificate(Block block) throws TlsException {
    try {
      var der = new ByteArrayInputStream(bytes(block));
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(der);
    } catch (CertificateException e) {
      throw problem("holds a certificate that is damaged: " + e.getMessage(), e);
    }
  }

  /// The private key.
  ///
  /// @param algorithm of which kind it must be, such as `EC`
  PrivateKey privateKey(String algorithm) throws TlsException {
    for (var block : blocks) {
      if (block.label().equals(KEY)) {
        return privateKey(block, algorithm);
      }
      if (block.label().equals(ENCRYPTED_KEY) || block.body().contains("ENCRYPTED")) {
        throw problem(
            "is encrypted, and nobody is asked for its password; write a copy without one by"
                + " 'openssl pkey -in FILE -out NEW', readable by you alone",
            null);
      }
      if (block.label().endsWith(KEY)) {
        throw problem(
            "is an '%s', an older form; convert it by 'openssl pkcs8 -topk8 -nocrypt -in FILE -out NEW'"
                .formatted(block.label()),
            null);
      }
    }
    throw problem("holds no private key; it needs a PEM block 'BEGIN PRIVATE KEY'", null);
  }

  private PrivateKey privateKey(Block block, String algorithm) throws TlsException {
    try {
      return KeyFactory.getInstance(algorithm)
          .generatePrivate(new PKCS8EncodedKeySpec(bytes(block)));
    } catch (GeneralSecurityException e) {
      throw problem(
          "is damaged, or is not of the same kind, %s, as the certificate's".formatted(algorithm),
          e);
    }
  }

  private byte[] bytes(Block block) throws TlsException {
    try {
      return Base64.getMimeDecoder().decode(block.body());
    } catch (IllegalArgumentException e) {
      throw problem("holds a block that is not Base64: " + e.getMessage(), e);
    }
  }

  TlsException problem(String text, @Nullable Exception cause) {
    return problem(what, path, text, cause);
  }

  private static TlsException problem(
      String what, Path path, String text, @Nullable Exception cause) {
    return new TlsException(TlsException.Fault.FILE, what + " " + path + " " + text, cause);
  }
}
