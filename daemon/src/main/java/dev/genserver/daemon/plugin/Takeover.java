package dev.genserver.daemon.plugin;

import dev.genserver.daemon.binding.Contract;
import dev.genserver.runtime.CodeReplacement;
import dev.genserver.runtime.CodeSwitch;
import dev.genserver.runtime.CodeSwitch.Result;
import dev.genserver.runtime.Node;
import dev.genserver.runtime.PluginClassLoader;
import dev.genserver.sdk.CallException;
import dev.genserver.sdk.Pid;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Puts one version of a plugin in the place of another, under running processes: all of it, or
/// nothing. For one thread at a time.
final class Takeover {

  private static final System.Logger LOG = System.getLogger(Takeover.class.getName());

  /// Which version is to take over from which.
  ///
  /// @param states what processes may go back to, see [CodeReplacement#before]
  record Step(LoadedPlugin from, LoadedPlugin to, Map<Pid, CodeSwitch.Saved> states) {}

  /// What came of it.
  ///
  /// @param before what the processes ran on
  record Done(Upgraded report, Map<Pid, CodeSwitch.Saved> before) {}

  private final Node node;
  private final PluginTrees trees;

  Takeover(Node node, PluginTrees trees) {
    this.node = node;
    this.trees = trees;
  }

  /// Does it, or only tries it.
  ///
  /// @param broken what callers are to find broken, for the report
  /// @throws PluginRefusedException if it cannot be; everything is as before then
  Done carryOut(Step step, UpgradeOptions options, List<String> broken) {
    var supervisor = trees.supervisor(step.from);
    if (supervisor.isEmpty()) {
      return startAfresh(step, options, broken);
    }
    var change = codeSwitch(step, supervisor.get(), options, Set.of());
    var done = required(options.dryRun() ? change.rehearse() : change.run());
    if (!options.dryRun()) {
      change
          .startAdded()
          .ifPresent(problem -> undo(step, done, supervisor.get(), options, problem));
      change.endRemoved();
      trees.replaced(step.to);
    }
    return new Done(report(step, done, change.added(), change.removed(), broken), done.before());
  }

  /// Has the new version take over some children of dynamic supervisors alone.
  ///
  /// @param only these, and their supervisors
  Done carryOut(Step step, Set<Pid> only, UpgradeOptions options) {
    var change = codeSwitch(step, trees.supervisor(step.from).orElseThrow(), options, only);
    var done = required(change.run());
    return new Done(report(step, done, List.of(), List.of(), List.of()), done.before());
  }

  private static Upgraded report(
      Step step,
      Result.Switched done,
      List<String> started,
      List<String> ended,
      List<String> broken) {
    return new Upgraded(
        step.to.id(),
        step.from.version(),
        step.to.version(),
        done.processes(),
        done.pause(),
        started,
        ended,
        broken,
        done.reverted(),
        false);
  }

  private CodeSwitch codeSwitch(Step step, Pid supervisor, UpgradeOptions options, Set<Pid> only) {
    node.versions(PluginClassLoader::areOfOne);
    return new CodeSwitch(
        node,
        new CodeReplacement(
            step.from.loader(),
            step.from.version(),
            step.to.loader(),
            step.to.version(),
            supervisor,
            step.to.children(),
            ServerFactories.of(step.from, step.to)::find,
            step.states,
            only),
        new CodeSwitch.Limits(options.toRest(), options.toChange()));
  }

  private static Result.Switched required(Result result) {
    return switch (result) {
      case Result.Switched switched -> switched;
      case Result.Refused(Duration pause, List<String> problems) -> {
        var all = new ArrayList<>(problems);
        all.add(
            "everything goes on as before, after a pause of %,d ms".formatted(pause.toMillis()));
        throw new PluginRefusedException(all);
      }
    };
  }

  /// Something that only the new version has did not start.
  private void undo(
      Step step, Result.Switched done, Pid supervisor, UpgradeOptions options, String problem) {
    var problems = new ArrayList<>(List.of(problem));
    var back =
        codeSwitch(new Step(step.to, step.from, done.before()), supervisor, options, Set.of());
    if (back.run() instanceof Result.Refused(_, List<String> others)) {
      problems.add("and the processes could not go back to the code from before");
      problems.addAll(others);
    }
    back.endRemoved();
    throw new PluginRefusedException(problems);
  }

  /// The plugin's processes have all ended, so the other version is simply started.
  private Done startAfresh(Step step, UpgradeOptions options, List<String> broken) {
    var restored = 0;
    if (!options.dryRun()) {
      trees
          .start(step.to)
          .ifPresent(problem -> {
            throw new PluginRefusedException(problem);
          });
      restored = restore(step.states);
    }
    var done = new Result.Switched(Duration.ZERO, 0, Map.of(), restored);
    return new Done(report(step, done, List.of(), List.of(), broken), Map.of());
  }

  private int restore(Map<Pid, CodeSwitch.Saved> states) {
    var restored = 0;
    for (var saved : states.values()) {
      try {
        if (saved.name().isPresent()) {
          var _ = node.sys().replaceState(saved.name().get(), _ -> saved.state());
          restored++;
        }
      } catch (CallException e) {
        LOG.log(
            Level.WARNING,
            "state from before could not be restored process={0} reason={1}",
            saved.name().get(),
            e.reason());
      }
    }
    return restored;
  }

  // What callers may send.

  /// What the old version takes and the new one does not, a sentence each.
  ///
  /// @throws PluginRefusedException if that is anything, and the upgrade is not forced
  List<String> checkContract(LoadedPlugin old, LoadedPlugin next, boolean force) {
    var broken = broken(old, next);
    if (!broken.isEmpty() && !force) {
      var problems = new ArrayList<>(broken);
      problems.add("callers may still send that; if none does, force the upgrade");
      throw new PluginRefusedException(problems);
    }
    return broken;
  }

  private List<String> broken(LoadedPlugin old, LoadedPlugin next) {
    var servers = ServerFactories.of(old, next);
    var classes = new LinkedHashMap<Class<?>, String>();
    node.serversOf(old.loader()).forEach(type -> classes.put(type, type.getSimpleName()));
    old.behaviours()
        .forEach(
            behaviour -> classes.put(behaviour.type(), "behaviour '" + behaviour.name() + "'"));
    var broken = new ArrayList<String>();
    classes.forEach((type, what) ->
        servers
            .find(type)
            .ifPresentOrElse(
                factory ->
                    Contract.broken(type, factory.get().getClass())
                        .forEach(problem -> broken.add(what + ": " + problem)),
                () -> broken.add(what + " is gone")));
    return broken;
  }
}
