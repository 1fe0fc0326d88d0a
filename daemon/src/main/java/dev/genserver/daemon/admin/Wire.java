package dev.genserver.daemon.admin;

import dev.genserver.sdk.Pid;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The connections of the daemon, as far as they are administered. Thread-safe, and never waits.
public interface Wire {

  /// A connection.
  ///
  /// @param id one number for each connection, in the order in which they came
  /// @param peer the address of the client
  /// @param principal who it is; empty if it has not logged in, or need not
  /// @param age since when it is open
  /// @param openCalls how many calls wait for their answers
  record Connected(
      long id, String peer, Optional<String> principal, boolean tls, Duration age, int openCalls) {}

  /// Somebody who asks for something.
  ///
  /// @param peer the address
  /// @param principal empty if it need not log in
  record Client(String peer, Optional<String> principal) {}

  /// Those that are open, in no order.
  List<Connected> connections();

  /// Closes a connection, with a goodbye.
  ///
  /// @return whether there was one with that id
  boolean close(long id);

  /// Who is that process for others, over a connection of the wire or by a request over HTTP.
  Optional<Client> of(Pid peer);

  /// What the wire has counted since the daemon began, by name.
  Map<String, Long> counters();
}
