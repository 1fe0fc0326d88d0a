package dev.genserver.daemon.admin;

import dev.genserver.runtime.Node;
import dev.genserver.runtime.ProcessInfo;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Supervisor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The supervision tree at one time. Asks the supervisors, and so waits for them.
///
/// A process stands under the one that started it. Where that is a supervisor, its children stand
/// in their starting order, also those that do not run.
final class ProcessTree {

  /// A reply may be nested 64 deep, and each level takes two.
  private static final int DEEPEST = 28;

  /// How many children of one process are shown, so that a reply fits a frame.
  private static final int WIDEST = 200;

  private final ProcessContext process;
  private final Map<Pid, ProcessInfo> processes;
  private final Map<Pid, List<ProcessInfo>> byParent;

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
  /// @param id what the one who started it calls it
  Map<String, Object> of(Pid pid, String id) {
    return living(pid, new JsonObject().with("id", id), 0);
  }

  private Map<String, Object> living(Pid pid, JsonObject node, int depth) {
    var info = processes.get(pid);
    if (info == null) {
      return node.with("pid", pid).with("kind", "function").with("status", "starting").toMap();
    }
    node.with("name", Snapshots.name(info))
        .with("pid", pid)
        .with("kind", Snapshots.word(info.kind()))
        .with("server", info.code())
        .with("status", Snapshots.word(info.status()))
        .with("restarts", info.restarts())
        .with("queued", info.queued());
    return depth < DEEPEST ? withChildren(node, info, depth + 1).toMap() : node.toMap();
  }

  private JsonObject withChildren(JsonObject node, ProcessInfo parent, int depth) {
    var children = children(parent);
    if (children.isEmpty()) {
      return node;
    }
    var shown = children.stream().limit(WIDEST).map(child -> child.node(depth)).toList();
    var more = children.size() - shown.size();
    return node.with("children", shown).with("more", more == 0 ? null : more);
  }

  /// Something below a process, of which a node can be made.
  private interface Below {
    Map<String, Object> node(int depth);
  }

  private List<Below> children(ProcessInfo parent) {
    var children = new ArrayList<Below>();
    var known = new HashSet<Pid>();
    if (parent.kind() == ProcessInfo.Kind.SUPERVISOR) {
      for (var child : Place.children(process, parent.pid())) {
        children.add(depth -> supervised(parent.pid(), child, depth));
        child.pid().ifPresent(known::add);
      }
    }
    for (var other : byParent.getOrDefault(parent.pid(), List.of())) {
      if (known.add(other.pid())) {
        children.add(depth -> living(other.pid(), new JsonObject(), depth));
      }
    }
    return children;
  }

  private Map<String, Object> supervised(Pid supervisor, Supervisor.Child child, int depth) {
    var place = new Place(process, supervisor, child.id(), child.pid());
    var node =
        new JsonObject()
            .with("id", child.id())
            .with("restart", place.spec().map(spec -> Snapshots.word(spec.restart())));
    return child
        .pid()
        .map(pid -> living(pid, node, depth))
        .orElseGet(() ->
            node.with("kind", Snapshots.word(child.type()))
                .with("status", child.restarting() ? "restarting" : "not_running")
                .with("restarts", child.restarts())
                .toMap());
  }
}
