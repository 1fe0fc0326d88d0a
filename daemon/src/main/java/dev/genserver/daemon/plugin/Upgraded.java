package dev.genserver.daemon.plugin;

import java.time.Duration;
import java.util.List;

/// What came of an upgrade, or of the way back.
///
/// @param from the version that ran before
/// @param to the version that runs now, or would
/// @param processes how many changed their code
/// @param pause for how long these took no messages, at the most
/// @param started the ids of children that only the new version has
/// @param ended the ids of children that only the old version had
/// @param broken what the new version takes no longer, of an upgrade that was forced
/// @param reverted how many processes went back to the state from before the upgrade
/// @param kept whether the new version is in the plugin folder, for the daemon's next start
public record Upgraded(
    String id,
    String from,
    String to,
    int processes,
    Duration pause,
    List<String> started,
    List<String> ended,
    List<String> broken,
    int reverted,
    boolean kept) {

  /// Some processes begin to try a version.
  static Upgraded begun(LoadedPlugin old, LoadedPlugin next, List<String> broken) {
    return new Upgraded(
        next.id(),
        old.version(),
        next.version(),
        0,
        Duration.ZERO,
        List.of(),
        List.of(),
        broken,
        0,
        false);
  }

  Upgraded kept(boolean kept) {
    return new Upgraded(id, from, to, processes, pause, started, ended, broken, reverted, kept);
  }
}
