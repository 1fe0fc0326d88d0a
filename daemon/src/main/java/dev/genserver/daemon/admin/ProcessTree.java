package dev.genserver.daemon.admin;

import dev.genserver.runtime.Node;
import dev.genserver.runtime.ProcessInfo;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Supervisor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The supervision tree at one time. Asks the supervisors, and so waits for them.
///
/// A process stands under the one that started it. Where that is a supervisor, its children stand
/// in their starting order, also those that do not run.
final class ProcessTree {

  /// A reply may be nested 64 deep, and each level takes two.
  private static final int DEEPEST = 28;

  /// How many children of one process are shown.
  private static final int WIDEST = 200;

  /// How many nodes there are, so that a reply fits a frame.
  private static final int LARGEST = 2_500;

  private final ProcessContext process;
  private final Map<Pid, ProcessInfo> processes;
  private final Map<Pid, List<ProcessInfo>> byParent;
  private final Queue<Open> open = new ArrayDeque<>();

  ProcessTree(ProcessContext process, Node node) {
    this.process = process;
    this.processes =
        node.inspect().stream()
            .filter(each -> !each.pid().equals(process.self()))
            .collect(Collectors.toMap(ProcessInfo::pid, Function.identity()));
    this.byParent =
        processes.values().stream()
            .filter(each -> each.parent().isPresent())
            .sorted(Comparator.comparing(ProcessInfo::pid, Snapshots.BY_AGE))
            .collect(Collectors.groupingBy(each -> each.parent().orElseThrow()));
  }

  /// A process and all below it.
  ///
  /// Nodes are made level by level: where there are too many of them, it is the deepest that are
  /// left out.
  ///
  /// @param id what the one who started it calls it
  Map<String, Object> of(Pid pid, String id) {
    var root = new JsonObject().with("id", id);
    var left = LARGEST;
    for (var next = living(pid, root, 0); next != null; next = open.poll()) {
      left -= addChildren(next, Math.min(WIDEST, left));
    }
    return root.toMap();
  }

  /// A node whose children are still to be added.
  private record Open(JsonObject node, ProcessInfo process, int depth) {}

  /// Fills the node of a process that runs.
  ///
  /// @return the node, if it may have children
  private @Nullable Open living(Pid pid, JsonObject node, int depth) {
    var info = processes.get(pid);
    if (info == null) {
      node.with("pid", pid).with("kind", "function").with("status", "starting");
      return null;
    }
    node.with("name", Snapshots.name(info))
        .with("pid", pid)
        .with("kind", Snapshots.word(info.kind()))
        .with("server", info.code())
        .with("status", Snapshots.word(info.status()))
        .with("restarts", info.restarts())
        .with("queued", info.queued());
    return depth < DEEPEST ? new Open(node, info, depth) : null;
  }

  /// @return how many were added
  private int addChildren(Open parent, int most) {
    var children = children(parent.process());
    if (children.isEmpty()) {
      return 0;
    }
    var shown = children.stream().limit(most).map(child -> add(child, parent.depth() + 1)).toList();
    var more = children.size() - shown.size();
    parent.node().with("children", shown).with("more", more == 0 ? null : more);
    return shown.size();
  }

  private Map<String, Object> add(Below below, int depth) {
    var node = new JsonObject();
    var next = below.fill(node, depth);
    if (next != null) {
      open.add(next);
    }
    return node.toMap();
  }

  /// Something below a process, of which a node can be made.
  private interface Below {

    /// @return the node, if it may have children
    @Nullable Open fill(JsonObject node, int depth);
  }

  private List<Below> children(ProcessInfo parent) {
    var children = new ArrayList<Below>();
    var known = new HashSet<Pid>();
    if (parent.kind() == ProcessInfo.Kind.SUPERVISOR) {
      for (var child : Place.children(process, parent.pid())) {
        children.add((node, depth) -> supervised(parent.pid(), child, node, depth));
        child.pid().ifPresent(known::add);
      }
    }
    for (var other : byParent.getOrDefault(parent.pid(), List.of())) {
      if (known.add(other.pid())) {
        children.add((node, depth) -> living(other.pid(), node, depth));
      }
    }
    return children;
  }

  private @Nullable Open supervised(
      Pid supervisor, Supervisor.Child child, JsonObject node, int depth) {
    var place = new Place(process, supervisor, child.id(), child.pid());
    node.with("id", child.id())
        .with("restart", place.spec().map(spec -> Snapshots.word(spec.restart())));
    if (child.pid().isPresent()) {
      return living(child.pid().get(), node, depth);
    }
    node.with("kind", Snapshots.word(child.type()))
        .with("status", child.restarting() ? "restarting" : "not_running")
        .with("restarts", child.restarts());
    return null;
  }
}
