package dev.genserver.runtime;

import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerName;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A process as it was at one moment, seen without asking it. Numbers that belong together may be
/// off by a message.
///
/// @param code the class that it runs; of a port, whom it stands for
/// @param parent who started it with a link
/// @param queued how many messages wait, and `maxQueue` how many may from outside the node
/// @param counters what it has done; empty for a process without callbacks
/// @param atHand for how long it has been at the message at hand; zero if it is at none
/// @param restarts how often its supervisor has started it anew
/// @param links with how many it is linked, `monitoring` how many it watches itself, and
///   `monitoredBy` by how many it is watched
/// @param cpuBound whether it is declared to compute for long
public record ProcessInfo(
    Pid pid,
    Optional<ServerName> name,
    Kind kind,
    String code,
    Status status,
    Optional<Pid> parent,
    int queued,
    int maxQueue,
    Optional<Counters> counters,
    Duration atHand,
    int restarts,
    int links,
    int monitoring,
    int monitoredBy,
    boolean trapsExits,
    boolean cpuBound) {

  /// How long it was at work since it started, the message at hand included; empty for a process
  /// without callbacks.
  public Optional<Duration> busy() {
    return counters.map(done -> done.busy().plus(atHand));
  }

  /// What kind of process it is.
  public enum Kind {
    /// Runs callbacks.
    SERVER,
    /// Looks after others.
    SUPERVISOR,
    /// Runs a function: a task, or something spawned.
    FUNCTION,
    /// Stands for somebody outside.
    PORT
  }

  /// What it is about.
  public enum Status {
    /// Its `init` runs.
    STARTING,
    /// It has nothing to do.
    IDLE,
    /// Its code is at work.
    RUNNING,
    /// Its code waits for another process.
    WAITING,
    /// It takes no messages until it is resumed.
    SUSPENDED
  }

  /// What a server has done since it started.
  ///
  /// @param received the calls, casts and other messages that it took
  /// @param replied the calls that it answered
  /// @param failed the requests from outside that it could not understand
  /// @param expired the calls that were over before their turn came
  /// @param busy how long it was at work, the message at hand not included
  public record Counters(long received, long replied, long failed, long expired, Duration busy) {

    static Counters of(@Nullable Accounting account) {
      return account == null
          ? new Counters(0, 0, 0, 0, Duration.ZERO)
          : new Counters(
              account.received,
              account.replied,
              account.failed,
              account.expired,
              Duration.ofNanos(account.busyNanos));
    }
  }
}
