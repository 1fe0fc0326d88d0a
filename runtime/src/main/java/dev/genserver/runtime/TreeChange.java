package dev.genserver.runtime;

import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.DynamicSupervisorSpec;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.PartitionSupervisorSpec;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.RegistrySpec;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.SupervisorSpec;
import dev.genserver.sdk.TaskSupervisorSpec;
import dev.genserver.sdk.TreeSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the new code of a plugin means for its supervision tree: which server each child is to run,
/// and by which spec it is to be started again. For whoever owns all processes of the tree.
final class TreeChange {

  /// What a process is to run.
  ///
  /// @param first the pid that the child had first, which tells it apart from others for good
  record Replacement(
      Supplier<? extends GenServer<?, ?, ?>> factory,
      int maxQueue,
      boolean cpuBound,
      @Nullable Pid first) {}

  /// Children that only one of the versions has.
  ///
  /// @param ids all that the new version has, in starting order
  record Difference(
      Pid supervisor, List<ChildSpec> added, List<String> removed, List<String> ids) {}

  private final CodeReplacement code;
  private final Map<ServerProcess, Replacement> replacements = new HashMap<>();
  private final Map<Class<?>, Optional<Supplier<? extends GenServer<?, ?, ?>>>> servers =
      new HashMap<>();
  private final List<Pid> leaving = new ArrayList<>();
  private final List<Runnable> steps = new ArrayList<>();
  private final List<Difference> differences = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private TreeChange(CodeReplacement code) {
    this.code = code;
  }

  /// Looks through the tree, and changes nothing.
  ///
  /// @param top the supervisor of the plugin's processes; null if it has ended
  static TreeChange of(CodeReplacement code, @Nullable ServerProcess top) {
    var change = new TreeChange(code);
    if (top != null && top.server() instanceof SupervisorServer server) {
      change.asking(() -> change.supervisor(top, server, server.spec().children(code.children())));
    }
    return change;
  }

  /// Looks at some children of dynamic supervisors alone.
  ///
  /// @param processes those that are concerned, and their supervisors
  static TreeChange ofSome(CodeReplacement code, Collection<ServerProcess> processes) {
    var change = new TreeChange(code);
    for (var process : processes) {
      if (process.server() instanceof DynamicSupervisorServer) {
        change.asking(() ->
            children(process).stream()
                .filter(child -> code.only().contains(child.lastPid()))
                .forEach(change::startedByHand));
      }
    }
    return change;
  }

  /// Looks at what may ask code of the plugin, which may fail.
  private void asking(Runnable look) {
    try {
      look.run();
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      problems.add("version %s fails to say what is to run: %s".formatted(code.toVersion(), e));
    }
  }

  /// What the process is to run; null if its place in the tree does not tell.
  @Nullable Replacement of(ServerProcess process) {
    return replacements.get(process);
  }

  /// Whether the process goes with a child that the new version does not have.
  boolean isLeaving(ServerProcess process) {
    return leaving.stream().anyMatch(pid -> process.pid().equals(pid) || process.descendsFrom(pid));
  }

  List<Difference> differences() {
    return differences;
  }

  List<String> problems() {
    return problems;
  }

  /// Has the supervisors go on by their new specs.
  void carryOut() {
    steps.forEach(Runnable::run);
  }

  // Supervisors.

  private void supervisor(ServerProcess process, SupervisorServer server, SupervisorSpec next) {
    var children = (Children) process.state();
    var before = server.spec().children().stream().map(ChildSpec::id).collect(Collectors.toSet());
    var wanted = new LinkedHashMap<String, ChildSpec>();
    next.children().forEach(spec -> wanted.put(spec.id(), spec));
    var removed = new ArrayList<String>();
    for (var child : children.all()) {
      var spec = wanted.get(child.spec.id());
      if (spec != null) {
        planned(child, spec);
      } else if (before.contains(child.spec.id())) {
        removed.add(child.spec.id());
        Optional.ofNullable(child.process()).map(LocalProcess::pid).ifPresent(leaving::add);
      } else {
        startedByHand(child);
      }
    }
    var added =
        wanted.values().stream()
            .filter(spec -> !before.contains(spec.id()) && children.find(spec.id()) == null)
            .toList();
    if (!added.isEmpty() || !removed.isEmpty()) {
      differences.add(new Difference(process.pid(), added, removed, List.copyOf(wanted.keySet())));
    }
    steps.add(() -> {
      server.adopt(next);
      children.arrange(List.copyOf(wanted.keySet()));
    });
  }

  private void partitions(
      ServerProcess process, PartitionSupervisorServer server, PartitionSupervisorSpec next) {
    supervisor(process, server, server.following(next));
    for (var child : ((Children) process.state()).all()) {
      var partition = running(child);
      if (partition != null) {
        switch (next.child().start()) {
          case ChildSpec.Start.Server(var factory, StartOptions options) ->
              replace(partition, factory, options, child);
          case ChildSpec.Start.Tree(TreeSpec tree, _) -> tree(partition, tree);
          case ChildSpec.Start.Function _ -> {
            // What it has started is told by its class.
          }
        }
      }
    }
  }

  private void dynamic(
      ServerProcess process, DynamicSupervisorServer server, DynamicSupervisorSpec next) {
    children(process).forEach(this::startedByHand);
    steps.add(() -> server.adopt(next));
  }

  @SuppressWarnings("unchecked") // that is what a dynamic supervisor has
  private static Collection<Child> children(ServerProcess dynamicSupervisor) {
    return ((Map<Pid, Child>) dynamicSupervisor.state()).values();
  }

  private void tree(ServerProcess process, TreeSpec next) {
    var server = process.server();
    switch (next) {
      case PartitionSupervisorSpec spec when server instanceof PartitionSupervisorServer known ->
          partitions(process, known, spec);
      case SupervisorSpec spec
          when server instanceof SupervisorServer known
              && !(server instanceof PartitionSupervisorServer) ->
          supervisor(process, known, spec);
      case DynamicSupervisorSpec spec when server instanceof DynamicSupervisorServer known ->
          dynamic(process, known, spec);
      case TaskSupervisorSpec spec when server instanceof DynamicSupervisorServer known ->
          dynamic(process, known, spec.children());
      case RegistrySpec _ when server instanceof RegistryServer -> {}
      case TreeSpec _ ->
          problems.add(
              "%s is another kind of supervisor in the new version; give that another id"
                  .formatted(process));
    }
  }

  // Children.

  /// A child that both versions list.
  private void planned(Child child, ChildSpec spec) {
    var process = running(child);
    if (isOtherKind(child.spec.start(), spec.start())) {
      problems.add(
          "child '%s' is started in another way in the new version; give that another id"
              .formatted(spec.id()));
    } else if (!name(child.spec).equals(name(spec))) {
      problems.add(
          "child '%s' has another name in the new version; a process keeps its name, so give that another id"
              .formatted(spec.id()));
    } else if (process != null) {
      switch (spec.start()) {
        case ChildSpec.Start.Server(var factory, StartOptions options) ->
            replace(process, factory, options, child);
        case ChildSpec.Start.Tree(TreeSpec tree, _) -> tree(process, tree);
        case ChildSpec.Start.Function _ -> {
          // What it has started is told by its class.
        }
      }
    }
    steps.add(() -> child.spec = spec);
  }

  private static boolean isOtherKind(ChildSpec.Start before, ChildSpec.Start now) {
    return before.getClass() != now.getClass();
  }

  private static Optional<ServerName> name(ChildSpec spec) {
    return switch (spec.start()) {
      case ChildSpec.Start.Server(_, StartOptions options) -> options.name();
      case ChildSpec.Start.Tree(_, StartOptions options) -> options.name();
      case ChildSpec.Start.Function _ -> Optional.empty();
    };
  }

  /// A child that was started at run time, so that the new version does not list it.
  private void startedByHand(Child child) {
    var process = running(child);
    switch (child.spec.start()) {
      case ChildSpec.Start.Server(var factory, StartOptions options) -> {
        var type = process == null ? made(factory) : process.serverClass();
        if (isOld(type)) {
          server(type, child)
              .ifPresent(next -> {
                steps.add(() -> child.spec = child.spec.start(with(next, options)));
                if (process != null) {
                  replace(process, next, options, child);
                }
              });
        }
      }
      case ChildSpec.Start.Tree(TreeSpec tree, StartOptions options) -> {
        var next = translated(tree);
        steps.add(() -> child.spec = child.spec.start(new ChildSpec.Start.Tree(next, options)));
        if (process != null) {
          tree(process, next);
        }
      }
      case ChildSpec.Start.Function(Supplier<StartResult> function) -> {
        if (isOld(function.getClass()) && child.spec.restart() != Restart.TEMPORARY) {
          problems.add(
              "child '%s' was started at run time by a function, which the new version cannot have; start it as a server, or stop it before"
                  .formatted(child.spec.id()));
        }
      }
    }
  }

  private TreeSpec translated(TreeSpec tree) {
    return switch (tree) {
      case SupervisorSpec spec ->
          spec.children(spec.children().stream().map(this::translated).toList());
      case PartitionSupervisorSpec spec -> spec.child(translated(spec.child()));
      case DynamicSupervisorSpec _, TaskSupervisorSpec _, RegistrySpec _ -> tree;
    };
  }

  private ChildSpec translated(ChildSpec child) {
    return switch (child.start()) {
      case ChildSpec.Start.Server(var factory, StartOptions options) -> {
        var type = made(factory);
        yield isOld(type)
            ? server(type, "child '" + child.id() + "'")
                .map(next -> child.start(with(next, options)))
                .orElse(child)
            : child;
      }
      case ChildSpec.Start.Tree(TreeSpec inner, StartOptions options) ->
          child.start(new ChildSpec.Start.Tree(translated(inner), options));
      case ChildSpec.Start.Function _ -> child;
    };
  }

  private static ChildSpec.Start with(
      Supplier<? extends GenServer<?, ?, ?>> factory, StartOptions options) {
    return new ChildSpec.Start.Server(factory, options);
  }

  // Servers.

  private void replace(
      ServerProcess process,
      Supplier<? extends GenServer<?, ?, ?>> factory,
      StartOptions options,
      Child child) {
    replacements.put(
        process,
        new Replacement(factory, options.maxQueue(), options.cpuBound(), child.firstPid()));
  }

  /// The code for a process whose server is of a class of the old version; a problem if there is
  /// none.
  Optional<Supplier<? extends GenServer<?, ?, ?>>> server(Class<?> old, Object whose) {
    var known = servers.containsKey(old);
    var found = servers.get(old);
    if (found == null) {
      found = Optional.empty();
      try {
        found = code.servers().apply(old);
      } catch (RuntimeException | LinkageError e) {
        problems.add(
            "version %s fails to say what is to run in place of %s: %s"
                .formatted(code.toVersion(), old.getName(), e));
      }
      servers.put(old, found);
    }
    if (found.isEmpty() && !known) {
      problems.add(
          "%s runs a %s, and the new version does not say how to make one; offer it as a behaviour, or give it a constructor without parameters"
              .formatted(whose, old.getName()));
    }
    return found;
  }

  private boolean isOld(Class<?> type) {
    return code.from().equals(type.getClassLoader());
  }

  private static Class<?> made(Supplier<? extends GenServer<?, ?, ?>> factory) {
    return factory.get().getClass();
  }

  private static @Nullable ServerProcess running(Child child) {
    return child.process() instanceof ServerProcess process && process.isAlive() ? process : null;
  }
}
