package dev.genserver.runtime;

import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.Supervisor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// The children of a supervisor, in starting order. For the supervisor's thread.
///
/// It changes in place, unlike the state of other servers: a supervisor that fails half-way has to
/// end the children that it has by then.
final class Children {

  private final SequencedMap<String, Child> byId = new LinkedHashMap<>();
  private final Map<Pid, Child> byPid = new HashMap<>();

  Child add(ChildSpec spec) {
    var child = new Child(spec);
    byId.put(spec.id(), child);
    return child;
  }

  void remove(Child child) {
    byId.remove(child.spec.id());
  }

  void started(Child child, Pid pid, Node node) {
    child.started(pid, node);
    byPid.put(pid, child);
  }

  void restarted(Child child, Pid pid, Node node) {
    child.restarted(pid, node);
    byPid.put(pid, child);
  }

  /// The child no longer runs. Its spec stays, unless it is temporary.
  void stopped(Child child) {
    forgetPid(child);
    child.stopped();
    if (child.spec.restart() == Restart.TEMPORARY) {
      remove(child);
    }
  }

  /// The child no longer runs, and will be started again.
  Child.Retry restarting(Child child, boolean counted, ExitReason reason) {
    forgetPid(child);
    return child.restarting(counted, reason);
  }

  private void forgetPid(Child child) {
    if (child.isRunning()) {
      byPid.remove(child.lastPid());
    }
  }

  @Nullable Child find(String id) {
    return byId.get(id);
  }

  @Nullable Child find(Pid pid) {
    return byPid.get(pid);
  }

  /// All, in starting order.
  List<Child> all() {
    return List.copyOf(byId.sequencedValues());
  }

  /// Puts those whose ids are given into the order of these ids, before all others.
  void arrange(List<String> ids) {
    var others = new LinkedHashMap<>(byId);
    byId.clear();
    for (var id : ids) {
      var child = others.remove(id);
      if (child != null) {
        byId.put(id, child);
      }
    }
    byId.putAll(others);
  }

  /// This one and those that were started after it, in starting order.
  List<Child> from(Child first) {
    var found = new ArrayList<Child>();
    for (var child : byId.sequencedValues().reversed()) {
      found.add(child);
      if (child == first) {
        break;
      }
    }
    return found.reversed();
  }

  /// All as they are shown, the newest first.
  List<Supervisor.Child> shown() {
    return byId.sequencedValues().reversed().stream()
        .map(child -> child.shown(child.spec.id()))
        .toList();
  }

  Supervisor.Counts counts() {
    return Supervision.count(byId.values());
  }

  @Override
  public String toString() {
    return byId.values().toString();
  }
}
