package dev.genserver.daemon.http;

import dev.genserver.daemon.access.CertificateNames;
import java.net.InetSocketAddress;
import java.util.Optional;

/// Who is at the other end of a connection, as far as that shows without a login.
///
/// @param certificate whom the certificate was made out to that it has proven to be its own
public record Peer(InetSocketAddress remote, boolean tls, Optional<CertificateNames> certificate) {}
