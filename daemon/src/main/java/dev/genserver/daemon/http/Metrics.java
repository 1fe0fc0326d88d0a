package dev.genserver.daemon.http;

/// The figures of the daemon, for whoever monitors it. Thread-safe.
public interface Metrics {

  /// What was measured up to now.
  ///
  /// @param accept which forms are wanted, as the header `Accept` says it; may be empty
  /// @param perProcess whether each process is to be told of too
  Scrape scrape(String accept, boolean perProcess);

  /// The figures in one of their forms.
  record Scrape(String contentType, String text) {}
}
