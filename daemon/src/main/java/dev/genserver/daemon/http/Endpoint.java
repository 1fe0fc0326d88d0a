package dev.genserver.daemon.http;

/// Whoever answers the requests that a server takes.
public interface Endpoint {

  /// Looks at a request before its body is read. On the server's event loop, so it must not block.
  Reception receive(Head head);
}
