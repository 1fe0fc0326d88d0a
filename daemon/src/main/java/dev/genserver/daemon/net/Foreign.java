package dev.genserver.daemon.net;

/// What peers of other protocols are told, in words that they may show. The first byte of a
/// connection tells which they speak.
final class Foreign {

  private static final int TLS_HANDSHAKE = 0x16;

  private Foreign() {}

  static boolean isTls(int firstByte) {
    return firstByte == TLS_HANDSHAKE;
  }

  /// A letter, as the methods of HTTP begin with one.
  static boolean isHttp(int firstByte) {
    return (firstByte >= 'A' && firstByte <= 'Z') || (firstByte >= 'a' && firstByte <= 'z');
  }

  /// For TLS where none is spoken.
  static String noTls() {
    return "genserverd: this port speaks plain TCP; no TLS is configured here\n";
  }

  /// @param tls whether TLS is spoken here
  static String noHttp(boolean tls) {
    var text =
        "genserverd: this port speaks %slength-prefixed JSON, or JSON lines that begin with '{'; it is not an HTTP port\n"
            .formatted(tls ? "TLS, and within that " : "");
    return "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: "
        + text.length()
        + "\r\n\r\n"
        + text;
  }
}
