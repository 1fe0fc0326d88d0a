package dev.genserver.runtime;

import java.util.List;
import java.util.Optional;

/// The processes of a node at one moment, counted by what they run; see [Node#census]. Numbers that
/// belong together may be off by a message.
///
/// @param groups in no order
/// @param longest the process for which most messages wait; empty if none wait
public record Census(List<Group> groups, Optional<Longest> longest) {

  /// [Group#code] of processes that run a function: tasks, and what was spawned.
  public static final String FUNCTIONS = "function";

  /// [Group#code] of processes that stand for somebody outside.
  public static final String PORTS = "port";

  /// [Group#code] of what was counted when there were too many groups to add one, and of restarts
  /// whose process had ended at once.
  public static final String OTHERS = "others";

  /// The processes of one plugin that run one class, and what such processes have done since the
  /// node began: those that have ended count on. From one census to the next, `counters`, `crashes`
  /// and `restarts` stay as they are or grow, also when processes end, when their code is replaced
  /// and when their plugin is removed.
  ///
  /// @param plugin the id of the plugin that they belong to; empty for those of the host
  /// @param code the class that servers run, or one of [#FUNCTIONS], [#PORTS], [#OTHERS]
  /// @param processes how many live
  /// @param queued how many messages wait for them, and `longestQueue` for one of them at most
  /// @param counters what they have done; the time at work includes that of messages at hand
  /// @param crashes how many have ended unexpectedly
  /// @param restarts how often a supervisor has started one anew
  public record Group(
      String plugin,
      String code,
      int processes,
      long queued,
      int longestQueue,
      ProcessInfo.Counters counters,
      long crashes,
      long restarts) {}

  /// A process and how many messages wait for it.
  ///
  /// @param process its name, or its pid where it has none, as they are shown
  public record Longest(String process, int queued) {}
}
