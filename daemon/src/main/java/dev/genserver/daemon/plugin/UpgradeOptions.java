package dev.genserver.daemon.plugin;

import java.time.Duration;

/// How a plugin is to be upgraded.
///
/// @param force whether to go on though the new version does not take all messages that the old one
///   takes
/// @param dryRun whether to try it on copies of the states only
/// @param probation for how long the new version is watched; zero for not at all
/// @param crashes how many of its processes may crash meanwhile; with one more all goes back
/// @param canary which part of the children of dynamic supervisors is to try the new version, in
///   percent; 0 for all processes at once
/// @param settle for how long only children that start try it, before others do
/// @param toRest how long the processes may take until each is between two messages
/// @param toChange how long the new code may take for all states
public record UpgradeOptions(
    boolean force,
    boolean dryRun,
    Duration probation,
    int crashes,
    int canary,
    Duration settle,
    Duration toRest,
    Duration toChange) {

  /// How many crashes a new version is forgiven where no number is said.
  public static final int DEFAULT_CRASHES = 2;

  /// How long a canary settles where no time is said.
  public static final Duration DEFAULT_SETTLE = Duration.ofSeconds(10);

  /// How long the steps of an upgrade may take where no time is said.
  public static final Duration DEFAULT_LIMIT = Duration.ofSeconds(5);

  /// In earnest, without a probation.
  public static UpgradeOptions defaults() {
    return new UpgradeOptions(
        false,
        false,
        Duration.ZERO,
        DEFAULT_CRASHES,
        0,
        DEFAULT_SETTLE,
        DEFAULT_LIMIT,
        DEFAULT_LIMIT);
  }

  public UpgradeOptions force(boolean force) {
    return new UpgradeOptions(force, dryRun, probation, crashes, canary, settle, toRest, toChange);
  }

  public UpgradeOptions dryRun(boolean dryRun) {
    return new UpgradeOptions(force, dryRun, probation, crashes, canary, settle, toRest, toChange);
  }

  public UpgradeOptions probation(Duration probation, int crashes) {
    return new UpgradeOptions(force, dryRun, probation, crashes, canary, settle, toRest, toChange);
  }

  public UpgradeOptions canary(int percent, Duration settle) {
    return new UpgradeOptions(force, dryRun, probation, crashes, percent, settle, toRest, toChange);
  }

  /// The limits of [#toRest] and [#toChange].
  public UpgradeOptions limits(Duration toRest, Duration toChange) {
    return new UpgradeOptions(force, dryRun, probation, crashes, canary, settle, toRest, toChange);
  }
}
