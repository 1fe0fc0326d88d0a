package dev.genserver.daemon.http;

import dev.genserver.daemon.request.Gate;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.WireError;
import java.nio.charset.StandardCharsets;

/// `/metrics`: the figures, of each process too if an administrator asks for `?per=process`.
record MetricsPage(Gate gate, Metrics metrics) implements Route.Handler {

  @Override
  public Answer answer(Visit visit) {
    var perProcess =
        switch (visit.head().query()) {
          case "" -> false;
          case "per=process" -> true;
          default -> null;
        };
    if (perProcess == null) {
      return Answer.failure(
          WireError.refused(
              ErrorCode.BAD_REQUEST, "the query can be 'per=process' or nothing at all"));
    }
    if (perProcess) {
      var forbidden = gate.adminRefusal(visit.guest(), "the metrics of each process");
      if (forbidden != null) {
        return Answer.failure(forbidden);
      }
    }
    var scrape = metrics.scrape(visit.head().header("accept").orElse(""), perProcess);
    return Answer.of(
        Status.OK, scrape.contentType(), scrape.text().getBytes(StandardCharsets.UTF_8));
  }
}
