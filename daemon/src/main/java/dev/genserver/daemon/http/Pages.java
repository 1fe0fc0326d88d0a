package dev.genserver.daemon.http;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.WireError;

/// The pages for people: files that are the same for everybody. Thread-safe.
final class Pages {

  private static final String START = "index.html";

  private final StaticFiles dashboard = new StaticFiles("/dashboard/");
  private final StaticFiles guide = new StaticFiles("/api/");

  /// The dashboard.
  Answer dashboard(Visit visit) {
    return page(dashboard, START, visit);
  }

  /// What belongs to the dashboard.
  Answer dashboardFile(Visit visit) {
    return page(dashboard, visit.rest(), visit);
  }

  /// The page of the HTTP interface.
  Answer guide(Visit visit) {
    return page(guide, START, visit);
  }

  /// What belongs to that page: its description for programs, its looks.
  Route.Handler guideFile(String name) {
    return visit -> page(guide, name, visit);
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
