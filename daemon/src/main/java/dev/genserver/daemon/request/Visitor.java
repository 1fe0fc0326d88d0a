package dev.genserver.daemon.request;

import dev.genserver.daemon.access.Principal;
import java.net.InetSocketAddress;
import java.util.Optional;

/// Somebody outside who asks for something.
public interface Visitor {

  /// Where it is.
  InetSocketAddress remote();

  /// Who it is; empty before the login.
  Optional<Principal> principal();

  /// Counts a request of this visitor that was forbidden.
  ///
  /// @return how many there were, this one included
  long countForbidden();

  /// Where it is, as people write it.
  default String peerAddress() {
    return remote().getAddress().getHostAddress() + ":" + remote().getPort();
  }
}
