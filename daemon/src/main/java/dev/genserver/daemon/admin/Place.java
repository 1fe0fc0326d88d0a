package dev.genserver.daemon.admin;

import dev.genserver.runtime.Node;
import dev.genserver.runtime.ProcessInfo;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Processes;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.Supervisor;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where a process is supervised. Its methods wait for the supervisor.
///
/// @param id null under a supervisor whose children have none
/// @param pid empty while it does not run
record Place(Processes processes, Pid supervisor, @Nullable String id, Optional<Pid> pid) {

  /// The place of a process that runs; empty if it has none that it can be taken from.
  static Optional<Place> of(Pid pid, Processes processes, Node node) {
    return supervisorOf(pid, node)
        .flatMap(supervisor ->
            children(processes, supervisor).stream()
                .filter(child -> child.pid().equals(Optional.of(pid)))
                .findFirst()
                .map(child -> new Place(processes, supervisor, child.id(), child.pid())));
  }

  /// Who looks after a process that runs; empty if nobody does.
  static Optional<Pid> supervisorOf(Pid pid, Node node) {
    return node.inspect(pid)
        .flatMap(ProcessInfo::parent)
        .flatMap(node::inspect)
        .filter(parent -> parent.kind() == ProcessInfo.Kind.SUPERVISOR)
        .map(ProcessInfo::pid);
  }

  /// The place of a child that does not run, by its id or by the name that it would have.
  static Optional<Place> named(String name, Processes processes, Node node) {
    return node.inspect().stream()
        .filter(process -> process.kind() == ProcessInfo.Kind.SUPERVISOR)
        .flatMap(supervisor ->
            children(processes, supervisor.pid()).stream()
                .filter(child -> child.id() != null && child.pid().isEmpty())
                .map(child -> new Place(processes, supervisor.pid(), child.id(), child.pid())))
        .filter(place -> name.equals(place.id) || place.isNamed(name))
        .findFirst();
  }

  private boolean isNamed(String name) {
    return spec()
        .map(ChildSpec::start)
        .filter(ChildSpec.Start.Server.class::isInstance)
        .map(start -> ((ChildSpec.Start.Server) start).options())
        .flatMap(options -> options.name())
        .filter(own -> own instanceof ServerName.Local(String local) && local.equals(name))
        .isPresent();
  }

  /// The children of a supervisor of any kind, the oldest first.
  static List<Supervisor.Child> children(Processes processes, Pid supervisor) {
    try {
      return processes.supervisor(supervisor).whichChildren().reversed();
    } catch (IllegalArgumentException _) {
      return dynamicChildren(processes, supervisor);
    }
  }

  private static List<Supervisor.Child> dynamicChildren(Processes processes, Pid supervisor) {
    try {
      return processes.dynamicSupervisor(supervisor).whichChildren();
    } catch (IllegalArgumentException _) {
      return List.of();
    }
  }

  Optional<ChildSpec> spec() {
    return id == null ? Optional.empty() : processes.supervisor(supervisor).getChildspec(id);
  }

  Supervisor.Outcome terminate() {
    if (id != null) {
      return processes.supervisor(supervisor).terminateChild(id);
    }
    return pid.map(processes.dynamicSupervisor(supervisor)::terminateChild)
        .orElse(Supervisor.Outcome.NOT_FOUND);
  }

  /// Ends the process, if it runs, and starts it.
  StartResult restart(String process) {
    if (id == null) {
      throw Refusal.bad(
          "process '%s' is the child of a dynamic supervisor, which does not start it again; stop it and start another"
              .formatted(process));
    }
    var handle = processes.supervisor(supervisor);
    var spec = handle.getChildspec(id);
    handle.terminateChild(id);
    // A temporary child is forgotten as it ends.
    return spec.isPresent() && spec.get().restart() == Restart.TEMPORARY
        ? handle.startChild(spec.get())
        : handle.restartChild(id);
  }
}
