package dev.genserver.client;

import dev.genserver.protocol.Framing;
import java.util.regex.Pattern;

/// Where a daemon listens: `host`, `host:port`, `[::1]` or `[::1]:port`.
record Address(String host, int port) {

  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.%\\w]+)]|([^\\[\\]:/\\s]+))(?::(\\d{1,5}))?");

  static Address parse(String text) {
    var match = FORM.matcher(text);
    if (!match.matches()) {
      throw bad(text);
    }
    var host = match.group(1) == null ? match.group(2) : match.group(1);
    int port = match.group(3) == null ? Framing.DEFAULT_PORT : Integer.parseInt(match.group(3));
    if (port < 1 || port > 65_535) {
      throw bad(text);
    }
    return new Address(host, port);
  }

  private static IllegalArgumentException bad(String text) {
    return new IllegalArgumentException(
        "'"
            + text
            + "' is no address; write host, host:port or [IPv6 address]:port, the port from 1 to"
            + " 65535");
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
