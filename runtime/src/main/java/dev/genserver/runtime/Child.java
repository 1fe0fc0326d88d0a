package dev.genserver.runtime;

import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Supervisor;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One child as its supervisor knows it. For the supervisor's thread.
final class Child {

  /// Has the child started again; void if it was started, stopped or put off again since.
  ///
  /// @param counted whether the restart was counted already, and only its backoff remained
  /// @param reason why it does not run
  record Retry(Child child, int attempt, boolean counted, ExitReason reason) {

    boolean isCurrent() {
      return child.restarting && child.attempt == attempt;
    }
  }

  ChildSpec spec; // another when the code changes
  private @Nullable LocalProcess process; // null if it had ended before it could be looked up
  private @Nullable Pid pid;
  private @Nullable Pid first;
  private boolean running;
  private boolean restarting;
  private int attempt;
  private int restarts;
  private int backedOff;
  private long startedAt;

  Child(ChildSpec spec) {
    this.spec = spec;
  }

  /// It runs now as `pid`.
  void started(Pid pid, Node node) {
    this.pid = pid;
    this.first = first == null ? pid : first;
    this.process = node.table.find(pid);
    this.startedAt = node.time().nanoTime();
    running = true;
    restarting = false;
    if (process != null) {
      process.restarts(restarts);
    }
  }

  /// It runs again, by its supervisor's doing.
  void restarted(Pid pid, Node node) {
    restarts++;
    started(pid, node);
    node.totals.restarted(process);
  }

  /// It does not run, and is not about to.
  void stopped() {
    process = null;
    running = false;
    restarting = false;
  }

  /// It does not run, and will be started again when the result is handed to its supervisor.
  Retry restarting(boolean counted, ExitReason reason) {
    stopped();
    restarting = true;
    return new Retry(this, ++attempt, counted, reason);
  }

  /// How long its next restart has to wait. A child that has run for as long as the longest wait
  /// begins with the shortest again.
  Duration nextBackoff(Node node) {
    var backoff = spec.backoff();
    if (node.time().nanoTime() - startedAt >= backoff.max().toNanos()) {
      backedOff = 0;
    }
    return backoff.after(backedOff++);
  }

  boolean isRunning() {
    return running;
  }

  boolean isRestarting() {
    return restarting;
  }

  int restarts() {
    return restarts;
  }

  /// The pid that it has, or had last; null if it never ran.
  @Nullable Pid lastPid() {
    return pid;
  }

  /// The pid that it had first; null if it never ran.
  @Nullable Pid firstPid() {
    return first;
  }

  /// Its process; null if it does not run, or had ended when it was looked up.
  @Nullable LocalProcess process() {
    return process;
  }

  /// What its supervisor tells of it.
  Supervisor.Child shown(@Nullable String id) {
    return new Supervisor.Child(
        id,
        running ? Optional.ofNullable(pid) : Optional.empty(),
        restarting,
        spec.type(),
        restarts);
  }

  @Override
  public String toString() {
    var state = running ? String.valueOf(pid) : restarting ? "restarting" : "stopped";
    return spec.id() + " " + state;
  }
}
