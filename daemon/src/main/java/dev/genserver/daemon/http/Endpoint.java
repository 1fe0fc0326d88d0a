package dev.genserver.daemon.http;

/// Whoever answers the requests that a server takes.
public interface Endpoint {

  /// Looks at a request before its body is read. On the server's event loop, so it must not block.
  Reception receive(Head head);

  /// The same for a request that came in the clear to a port that speaks TLS: it is told so.
  default Reception receiveInTheClear(Head head) {
    return Reception.now(
        Answer.text(
            Status.BAD_REQUEST,
            "this port speaks TLS; ask with https:// and the CA of its certificate"));
  }
}
