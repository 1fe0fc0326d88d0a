package dev.genserver.daemon.http;

import dev.genserver.daemon.access.Credentials;
import dev.genserver.daemon.access.Login;
import dev.genserver.daemon.request.Gate;
import dev.genserver.daemon.request.Visitor;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.WireError;
import java.time.Duration;
import java.util.Optional;

/// Finds out who asks: by a token in the header `Authorization`, by the certificate of the
/// connection, or both, as on the wire. Each request logs in by itself. Thread-safe.
final class Doorkeeper {

  private static final String SCHEME = "bearer ";

  private final Gate gate;

  Doorkeeper(Gate gate) {
    this.gate = gate;
  }

  boolean loginRequired() {
    return gate.access().current().loginRequired();
  }

  Login login(Head head) {
    var access = gate.access().current();
    var credentials = Credentials.NONE;
    if (head.peer().certificate().isPresent()) {
      credentials = credentials.withCertificate(head.peer().certificate().get());
    }
    var token = token(head);
    if (token.isPresent() && access.takesTokens()) {
      credentials = credentials.withToken(token.get());
    }
    return access.login(credentials);
  }

  /// What somebody is told who may not come in. One who has shown nothing has tried nothing: that
  /// is neither counted nor slowed.
  Reception refuse(Head head, Visitor visitor, String reason) {
    var tried = token(head).isPresent() || head.peer().certificate().isPresent();
    return new Reception.Answered(
        Answer.failure(WireError.refused(ErrorCode.UNAUTHENTICATED, reason)),
        tried ? gate.loginFailed(visitor, reason) : Duration.ZERO);
  }

  private static Optional<String> token(Head head) {
    return head.header("authorization")
        .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
        .map(value -> value.substring(SCHEME.length()).strip());
  }
}
