package dev.genserver.client;

import dev.genserver.protocol.Framing;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Where a daemon listens: `host`, `host:port`, `[::1]` or `[::1]:port`, and before it `tls://` or
/// `tcp://` if that shall not be left to the options.
///
/// @param tls whether TLS is spoken there
record Address(String host, int port, boolean tls) {

  private static final Pattern FORM =
      Pattern.compile(
          "(?:(tls|tcp)://)?(?:\\[([0-9A-Fa-f:.%\\w]+)]|([^\\[\\]:/\\s]+))(?::(\\d{1,5}))?");

  /// The addresses of a list with commas.
  ///
  /// @param tls whether the options are for TLS
  static List<Address> parseAll(String text, boolean tls) {
    return Stream.of(text.split(",", -1)).map(one -> parse(one.strip(), tls)).toList();
  }

  /// @param tls whether the options are for TLS
  static Address parse(String text, boolean tls) {
    var match = FORM.matcher(text);
    if (!match.matches()) {
      throw bad(text);
    }
    var scheme = match.group(1);
    var host = match.group(2) == null ? match.group(3) : match.group(2);
    int port = match.group(4) == null ? Framing.DEFAULT_PORT : Integer.parseInt(match.group(4));
    if (port < 1 || port > 65_535) {
      throw bad(text);
    }
    if (tls && "tcp".equals(scheme)) {
      throw new IllegalArgumentException(
          "'" + text + "' is without TLS, but the options have TLS; give one of them up");
    }
    return new Address(host, port, tls || "tls".equals(scheme));
  }

  private static IllegalArgumentException bad(String text) {
    return new IllegalArgumentException(
        "'"
            + text
            + "' is no address; write host, host:port or [IPv6 address]:port, the port from 1 to"
            + " 65535, and tls:// or tcp:// before it if you like");
  }

  @Override
  public String toString() {
    return (tls ? "tls://" : "") + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
