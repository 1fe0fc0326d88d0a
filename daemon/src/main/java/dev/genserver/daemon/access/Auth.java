package dev.genserver.daemon.access;

/// How clients prove who they are.
public enum Auth {
  /// Not at all: whoever reaches the port is let in.
  NONE,
  /// By a token.
  TOKEN,
  /// By a client certificate.
  CERTIFICATE,
  /// By a client certificate or a token.
  EITHER,
  /// By a client certificate and a token of the same principal.
  BOTH;

  /// Whether somebody can log in by a token.
  public boolean takesTokens() {
    return this == TOKEN || this == EITHER || this == BOTH;
  }

  /// Whether clients are asked for a certificate.
  public boolean takesCertificates() {
    return this == CERTIFICATE || this == EITHER || this == BOTH;
  }

  /// Whether a client without a certificate need not go on.
  public boolean needsCertificate() {
    return this == CERTIFICATE || this == BOTH;
  }
}
