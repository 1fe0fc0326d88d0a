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
    var children = depth < DEEPEST ? children(info, depth + 1) : List.of();
    return node.with("children", children.isEmpty() ? null : children).toMap();
  }

  private List<Map<String, Object>> children(ProcessInfo parent, int depth) {
    var nodes = new ArrayList<Map<String, Object>>();
    var shown = new HashSet<Pid>();
    if (parent.kind() == ProcessInfo.Kind.SUPERVISOR) {
      for (var child : Place.children(process, parent.pid())) {
        nodes.add(supervised(parent.pid(), child, depth));
        child.pid().ifPresent(shown::add);
      }
    }
    for (var other : byParent.getOrDefault(parent.pid(), List.of())) {
      if (shown.add(other.pid())) {
        nodes.add(living(other.pid(), new JsonObject(), depth));
      }
    }
    return nodes;
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
