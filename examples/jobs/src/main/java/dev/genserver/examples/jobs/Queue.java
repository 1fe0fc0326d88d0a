package dev.genserver.examples.jobs;

import dev.genserver.sdk.MonitorRef;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// All jobs that are known. Immutable.
///
/// @param run tells this queue's jobs from those of one that ran before
/// @param submitted how many there were
/// @param jobs by id, in the order in which they came
record Queue(Limits limits, long run, long submitted, Map<String, Entry> jobs) {

  Optional<Entry> job(String id) {
    return Optional.ofNullable(jobs.get(id));
  }

  /// The job whose task has that ref.
  Optional<Entry> running(MonitorRef ref) {
    return first(job -> job.isRunning(ref));
  }

  /// The job, if it waits to be tried again.
  Optional<Entry> pausing(String id) {
    return job(id).filter(Entry::isPausing);
  }

  private Optional<Entry> first(Predicate<Entry> which) {
    return jobs.values().stream().filter(which).findFirst();
  }

  Jobs.Counts counts() {
    return new Jobs.Counts(
        count(Entry::isQueued),
        count(Entry::isRunning),
        count(Entry::isPausing),
        count(Entry::isFinished));
  }

  private int count(Predicate<Entry> which) {
    return (int) jobs.values().stream().filter(which).count();
  }

  boolean hasRoom() {
    return count(entry -> !entry.isFinished()) < limits.unfinished();
  }

  /// The next to begin, if one more may run.
  Optional<Entry> next() {
    return count(Entry::isRunning) < limits.concurrency()
        ? first(Entry::isQueued)
        : Optional.empty();
  }

  String nextId() {
    return run + "-" + (submitted + 1);
  }

  Queue submit(Job job) {
    var entry = Entry.queued(nextId(), job);
    return new Queue(limits, run, submitted + 1, jobs).with(entry);
  }

  /// With this entry in place of the one before.
  Queue with(Entry entry) {
    var next = new LinkedHashMap<>(jobs);
    next.put(entry.id(), entry);
    return new Queue(limits, run, submitted, Collections.unmodifiableMap(next));
  }

  Queue without(Entry entry) {
    var next = new LinkedHashMap<>(jobs);
    next.remove(entry.id());
    return new Queue(limits, run, submitted, Collections.unmodifiableMap(next));
  }

  /// Forgets the oldest of the finished if there are too many.
  Queue withinLimits() {
    return count(Entry::isFinished) > limits.finished()
        ? first(Entry::isFinished).map(this::without).orElse(this)
        : this;
  }
}
