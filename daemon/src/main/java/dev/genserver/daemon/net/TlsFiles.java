package dev.genserver.daemon.net;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The PEM files that TLS is made of.
///
/// @param certificate the server's certificate, followed by those between it and its CA
/// @param key its private key, unencrypted PKCS#8
/// @param clientCa the CAs whose client certificates are accepted; if empty, none are asked for
/// @param clientCertificateRequired whether a client without one is turned away
public record TlsFiles(
    Path certificate, Path key, Optional<Path> clientCa, boolean clientCertificateRequired) {

  /// What is to be watched for changes.
  public List<Path> paths() {
    return Stream.concat(Stream.of(certificate, key), clientCa.stream()).toList();
  }
}
