package dev.genserver.daemon;

import dev.genserver.daemon.metrics.Metrics;

/// The metrics as HTTP tells them, in the one format that they have.
record MetricsText(Metrics metrics) implements dev.genserver.daemon.http.Metrics {

  @Override
  public Scrape scrape(String accept, boolean perProcess) {
    return new Scrape(Metrics.CONTENT_TYPE, metrics.text(perProcess));
  }
}
