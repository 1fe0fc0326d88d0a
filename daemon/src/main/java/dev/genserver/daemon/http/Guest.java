package dev.genserver.daemon.http;

import dev.genserver.daemon.access.Principal;
import dev.genserver.daemon.request.Visitor;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Whoever has sent a request.
///
/// @param principal empty where nobody is asked who they are, and before it is known
/// @param forbidden counts the requests that were forbidden, of all guests: most come once
record Guest(Head head, Optional<Principal> principal, AtomicLong forbidden) implements Visitor {

  @Override
  public InetSocketAddress remote() {
    return head.peer().remote();
  }

  @Override
  public long countForbidden() {
    return forbidden.incrementAndGet();
  }
}
