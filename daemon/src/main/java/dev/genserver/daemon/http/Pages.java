package dev.genserver.daemon.http;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.WireError;

/// The pages for people: files that are the same for everybody. Thread-safe.
final class Pages {

  private final StaticFiles dashboard = new StaticFiles("/dashboard/");

  Answer start(Visit visit) {
    return page(dashboard, "index.html", visit);
  }

  Answer dashboard(Visit visit) {
    return page(dashboard, visit.rest(), visit);
  }

  private static Answer page(StaticFiles files, String name, Visit visit) {
    return files
        .answer(name, visit.head())
        .orElseGet(() ->
            Answer.failure(
                WireError.refused(
                    ErrorCode.UNKNOWN_OP, "there is no '%s' here".formatted(visit.head().path()))));
  }
}
