package dev.genserver.daemon.config;

import java.util.regex.Pattern;

/// An address to listen on, written `host:port` or `[::1]:port`.
///
/// @param host a name or an address, an IPv6 one without brackets
/// @param port 0 takes any free one
public record HostPort(String host, int port) {

  private static final Pattern FORM =
      Pattern.compile("(?:\\[(?<v6>[0-9a-fA-F:.%]+)]|(?<host>[^\\s:\\[\\]/]+)):(?<port>\\d{1,5})");

  /// Reads an address.
  ///
  /// @throws IllegalArgumentException if `text` has not that form
  static HostPort parse(String text) {
    var match = FORM.matcher(text);
    if (!match.matches() || Integer.parseInt(match.group("port")) > 65_535) {
      throw new IllegalArgumentException(
          "must be host:port with a port from 0 to 65535, such as 127.0.0.1:6470 or [::1]:6470");
    }
    var host = match.group("v6") == null ? match.group("host") : match.group("v6");
    return new HostPort(host, Integer.parseInt(match.group("port")));
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
