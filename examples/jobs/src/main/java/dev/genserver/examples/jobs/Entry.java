package dev.genserver.examples.jobs;

import dev.genserver.sdk.From;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.TimerRef;
import java.util.List;
import java.util.stream.Stream;

/// A job, how far it has come, and who waits for it. Immutable.
///
/// @param attempts how often it was begun
/// @param waiting calls that are answered when it has finished
record Entry(String id, Job job, int attempts, Phase phase, List<From> waiting) {

  /// How far a job has come.
  sealed interface Phase {

    /// It waits for its turn.
    record Queued() implements Phase {}

    /// A task is at it.
    record Running(Pid task, MonitorRef ref) implements Phase {}

    /// It failed, and will be tried again.
    record Pausing(String reason, TimerRef timer) implements Phase {}

    /// It is over.
    record Finished(JobStatus status) implements Phase {}
  }

  static Entry queued(String id, Job job) {
    return new Entry(id, job, 0, new Phase.Queued(), List.of());
  }

  Entry running(Pid task, MonitorRef ref) {
    return new Entry(id, job, attempts + 1, new Phase.Running(task, ref), waiting);
  }

  Entry phase(Phase phase) {
    return new Entry(id, job, attempts, phase, waiting);
  }

  Entry finished(JobStatus status) {
    return new Entry(id, job, attempts, new Phase.Finished(status), List.of());
  }

  Entry waiting(From from) {
    return new Entry(
        id, job, attempts, phase, Stream.concat(waiting.stream(), Stream.of(from)).toList());
  }

  Entry withoutGone() {
    return new Entry(id, job, attempts, phase, waiting.stream().filter(From::isWaiting).toList());
  }

  boolean isQueued() {
    return phase instanceof Phase.Queued;
  }

  boolean isPausing() {
    return phase instanceof Phase.Pausing;
  }

  boolean isFinished() {
    return phase instanceof Phase.Finished;
  }

  /// Whether it is the one whose task has that ref.
  boolean isRunning(MonitorRef ref) {
    return phase instanceof Phase.Running running && running.ref().equals(ref);
  }

  boolean isRunning() {
    return phase instanceof Phase.Running;
  }

  /// What clients are told of it.
  JobStatus status() {
    return switch (phase) {
      case Phase.Queued() -> new JobStatus.Queued();
      case Phase.Running _ -> new JobStatus.Running(attempts);
      case Phase.Pausing(String reason, _) -> new JobStatus.Pausing(reason, attempts);
      case Phase.Finished(JobStatus status) -> status;
    };
  }
}
