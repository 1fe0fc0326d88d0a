package dev.genserver.daemon.http;

import java.util.List;
import java.util.Optional;

/// What whoever supervises the daemon asks: whether it lives, and whether to send it requests.
/// Answered to anybody, and without waiting for anything.
record Health(Readiness readiness) {

  static final String ALIVE = "/healthz";
  static final String READY = "/readyz";

  /// The answer; empty if something else is asked for.
  Optional<Answer.Whole> answer(Head head) {
    var answer =
        switch (head.path()) {
          case ALIVE -> Answer.text(Status.OK, "ok");
          case READY -> ready();
          default -> null;
        };
    if (answer == null) {
      return Optional.empty();
    }
    var allowed = List.of("GET", "HEAD").contains(head.method());
    return Optional.of(
        allowed
            ? answer
            : Answer.text(Status.METHOD_NOT_ALLOWED, "use GET").with("allow", "GET, HEAD"));
  }

  private Answer.Whole ready() {
    return readiness
        .notReady()
        .map(why -> Answer.text(Status.UNAVAILABLE, "not ready: " + why))
        .orElseGet(() -> Answer.text(Status.OK, "ready"));
  }
}
