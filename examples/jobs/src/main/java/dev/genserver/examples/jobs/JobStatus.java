package dev.genserver.examples.jobs;

/// How a job does.
public sealed interface JobStatus extends Jobs.Reply {

  /// It waits for its turn.
  record Queued() implements JobStatus {}

  /// It runs, for the `attempt`th time.
  record Running(int attempt) implements JobStatus {}

  /// It failed for the `attempts`th time, and waits to be tried again.
  record Pausing(String reason, int attempts) implements JobStatus {}

  /// It is over.
  record Done(String result, int attempts) implements JobStatus {}

  /// It failed as often as it was to be tried; `reason` is that of the last time.
  record Failed(String reason, int attempts) implements JobStatus {}

  /// It was cancelled before it was over.
  record Cancelled() implements JobStatus {}

  /// Nothing is known of it: it never was, is forgotten, or was lost when the queue crashed.
  record Unknown() implements JobStatus {}
}
