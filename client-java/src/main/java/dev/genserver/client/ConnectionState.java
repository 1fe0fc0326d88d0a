package dev.genserver.client;

import java.util.Optional;

/// How a client stands with its daemons.
public sealed interface ConnectionState {

  /// It has not been connected yet and tries to be, and nothing has gone wrong so far.
  record Connecting() implements ConnectionState {}

  /// It is connected.
  ///
  /// @param address the daemon's, as `host:port`, after `tls://` if it is spoken to by TLS
  /// @param server the daemon and its version
  /// @param node the run of the daemon, as its pids begin
  /// @param principal as whom the daemon knows this client; empty if it does not ask
  record Connected(String address, String server, String node, Optional<String> principal)
      implements ConnectionState {}

  /// It is not connected and tries to be.
  ///
  /// @param attempt the attempt that is under way or comes next, from 1; in one attempt all
  ///   addresses are tried
  /// @param problem what went wrong last: how the connection was lost, or why there was none
  record Reconnecting(int attempt, GenServerException problem) implements ConnectionState {}

  /// It was closed.
  record Closed() implements ConnectionState {}
}
