package dev.genserver.cli;

import dev.genserver.protocol.Framing;

/// Where a daemon listens.
///
/// @param scheme what was written before the host: `tls://`, `tcp://` or nothing
/// @param host an IPv6 address in brackets
record Address(String scheme, String host, int port) {

  static final String VARIABLE = "GENSERVER_URL";
  private static final String TLS = "tls://";
  private static final String TCP = "tcp://";
  private static final Address DEFAULT = new Address("", "127.0.0.1", Framing.DEFAULT_PORT);

  /// What the option says, else the environment, else the daemon's default.
  static Address of(Command.Options options, Shell shell) {
    if (options.url() != null) {
      return parse(options.url(), Command.Options.URL);
    }
    var variable = shell.variable(VARIABLE);
    return variable == null ? DEFAULT : parse(variable, VARIABLE);
  }

  /// Reads `host:port`, or a host alone, and a scheme before it; an IPv6 address stands in
  /// brackets.
  static Address parse(String text, String source) {
    var scheme = text.startsWith(TLS) ? TLS : text.startsWith(TCP) ? TCP : "";
    int bracket = text.lastIndexOf(']');
    int colon = text.indexOf(':', Math.max(scheme.length(), bracket + 1));
    var host = text.substring(scheme.length(), colon < 0 ? text.length() : colon);
    int port = colon < 0 ? Framing.DEFAULT_PORT : port(text.substring(colon + 1));
    if (host.isEmpty()
        || port < 0
        || host.indexOf('/') >= 0
        || host.startsWith("[") != bracket > 0) {
      throw CliException.usage(
          source
              + " '"
              + text
              + "' is not an address; write host:port, such as 127.0.0.1:6470 or [::1]:6470, and"
              + " tls:// before it for TLS");
    }
    return new Address(scheme, host, port);
  }

  /// The number that `text` is; -1 if it is not a port's.
  private static int port(String text) {
    int port = 0;
    for (int i = 0; i < text.length(); i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9' || port > 65_535) {
        return -1;
      }
      port = 10 * port + digit - '0';
    }
    return port > 0 && port <= 65_535 ? port : -1;
  }

  boolean isTls() {
    return scheme.equals(TLS);
  }

  boolean isTcp() {
    return scheme.equals(TCP);
  }

  Address withTls() {
    return new Address(TLS, host, port);
  }

  /// The host's name or address alone.
  String hostName() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  @Override
  public String toString() {
    return scheme + host + ":" + port;
  }
}
