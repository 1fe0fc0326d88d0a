package dev.genserver.daemon.admin;

import dev.genserver.daemon.plugin.ConfiguredProcess;
import dev.genserver.daemon.plugin.Plugins;
import dev.genserver.runtime.Node;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Processes;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.Supervisor;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Starts, stops and restarts processes, by way of their supervisors where they have one. Blocks.
///
/// @param processes those of the process that does it
record Lifecycle(
    Processes processes, Node node, Directory directory, Plugins plugins, int maxQueue) {

  /// Starts a process under the supervisor of the plugin that offers the behaviour.
  Object start(SysRequest.Start request) {
    var name = request.name();
    check(name);
    var wanted =
        new ConfiguredProcess(
            name,
            request.behaviour(),
            new Args(request.args().orElse(Map.of())),
            Restart.PERMANENT,
            maxQueue,
            false,
            SysProcesses.NAME);
    var startable =
        plugins
            .startable(wanted)
            .orElseThrow(() ->
                Refusal.unknown(
                    "no plugin offers the behaviour '%s'".formatted(request.behaviour()),
                    request.behaviour(),
                    plugins.behaviourNames()));
    var supervisor = pluginSupervisor(startable.plugin());
    var result = supervisor.startChild(startable.child());
    switch (result) {
      case StartResult.Ignore() -> supervisor.deleteChild(name);
      case StartResult.Failed(ExitReason.Other(Object why)) when why.equals("already_present") ->
          throw Refusal.bad(
              "process '%s' is there and does not run; restart it, or choose another name"
                  .formatted(name));
      default -> {
        // Said below.
      }
    }
    return started(name, result);
  }

  private static void check(String name) {
    if (name.startsWith(Directory.RESERVED)) {
      throw Refusal.bad(
          "the name '%s' begins with '%s', which is kept for the daemon; choose another"
              .formatted(name, Directory.RESERVED));
    }
    try {
      ServerRef.named(name);
    } catch (IllegalArgumentException e) {
      throw Refusal.bad(String.valueOf(e.getMessage()));
    }
  }

  private Supervisor pluginSupervisor(String plugin) {
    return processes.supervisor(directory.root()).whichChildren().stream()
        .filter(child -> plugin.equals(child.id()))
        .flatMap(child -> child.pid().stream())
        .findFirst()
        .map(processes::supervisor)
        .orElseThrow(() ->
            Refusal.unavailable(
                "plugin '%s' is down, its restarts are exhausted; 'genserver plugin restart %s' starts it again"
                    .formatted(plugin, plugin)));
  }

  /// Ends a process. A supervised one stays down; its supervisor keeps its spec.
  Object stop(String process, Duration limit) {
    var pid = directory.find(process);
    var place = Place.of(pid, processes, node);
    if (place.isEmpty()) {
      if (Place.supervisorOf(pid, node).isPresent()) {
        throw Refusal.bad(
            "process '%s' is a partition, which its supervisor keeps running; stop that"
                .formatted(process));
      }
      processes.stop(pid, ExitReason.NORMAL, limit);
    } else if (place.get().terminate() == Supervisor.Outcome.NOT_FOUND) {
      throw Refusal.noProcess(process, List.of()); // it ended by itself meanwhile
    }
    return "ok";
  }

  /// Ends a supervised process, if it runs, and starts it.
  Object restart(String process) {
    var living = directory.lookUp(process);
    var place =
        living.isPresent()
            ? Place.of(living.get(), processes, node)
            : Place.named(process, processes, node);
    if (place.isPresent()) {
      return started(process, place.get().restart(process));
    }
    if (living.isEmpty()) {
      throw Refusal.noProcess(process, node.names());
    }
    throw Refusal.bad(
        "process '%s' has no supervisor that could start it again; start another"
            .formatted(process));
  }

  private static Object started(String process, StartResult result) {
    return switch (result) {
      case StartResult.Ok ok -> Map.of("pid", ok.pid());
      case StartResult.Ignore() ->
          throw Refusal.bad("process '%s' did not start: its init said ignore".formatted(process));
      case StartResult.AlreadyStarted(Pid pid) ->
          throw Refusal.bad(
              "the name '%s' is taken by the process %s; choose another, or stop that one first"
                  .formatted(process, pid));
      case StartResult.Failed(ExitReason reason) ->
          throw Refusal.exited("process '%s' did not start".formatted(process), reason);
    };
  }
}
