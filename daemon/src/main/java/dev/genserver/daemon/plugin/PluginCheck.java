package dev.genserver.daemon.plugin;

import dev.genserver.daemon.binding.Binding;
import dev.genserver.daemon.binding.UnbindableException;
import dev.genserver.runtime.PluginClassLoader;
import dev.genserver.sdk.AutoShutdown;
import dev.genserver.sdk.Behaviour;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.DynamicSupervisorSpec;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.PartitionSupervisorSpec;
import dev.genserver.sdk.RegistrySpec;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.Supervisor;
import dev.genserver.sdk.SupervisorSpec;
import dev.genserver.sdk.TaskSupervisorSpec;
import dev.genserver.sdk.TreeSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Checks what a plugin offers, and adds what is wrong to the list of problems.
///
/// A child says only how its server is made, so its factory is called once here, to learn the
/// server's class. That server is never started.
final class PluginCheck {

  private final PluginClassLoader loader;
  private final List<String> problems;
  private final Set<Class<?>> bound = new HashSet<>();

  PluginCheck(PluginClassLoader loader, List<String> problems) {
    this.loader = loader;
    this.problems = problems;
  }

  void behaviours(List<Behaviour<?>> behaviours) {
    var names = new HashSet<String>();
    for (var behaviour : behaviours) {
      if (lacks(behaviour.name(), behaviour.type(), behaviour.factory())) {
        problems.add("a behaviour lacks its name, type or factory; give it all three");
        continue;
      }
      var what = "behaviour '" + behaviour.name() + "'";
      if (behaviour.name().isBlank() || behaviour.name().startsWith(ProcessNames.RESERVED)) {
        problems.add(what + " has a name that is empty or reserved for the daemon; rename it");
      }
      if (!names.add(behaviour.name())) {
        problems.add(what + " is there twice; rename one of them");
      }
      bind(what, behaviour.type());
    }
  }

  /// Checks the children of one supervisor and all below them.
  ///
  /// @return the children, with factories that set the context class loader
  List<ChildSpec> children(List<ChildSpec> children, AutoShutdown autoShutdown) {
    var isolated = new ArrayList<ChildSpec>();
    var ids = new HashSet<String>();
    for (var child : children) {
      if (lacks(child.id(), child.start(), child.restart(), child.shutdown())) {
        problems.add("a child lacks its id, start, restart or shutdown; give it all four");
        continue;
      }
      if (!ids.add(child.id())) {
        problems.add("child '" + child.id() + "' is there twice; rename one of them");
      }
      Supervisor.checkChildspecs(List.of(child), autoShutdown)
          .ifPresent(problem -> problems.add(problem.toString()));
      isolated.add(isolated(child));
    }
    return isolated;
  }

  private ChildSpec.Start start(String id, ChildSpec.Start start) {
    return switch (start) {
      case ChildSpec.Start.Server(
              Supplier<? extends GenServer<?, ?, ?>> factory,
              StartOptions options) ->
          server("child '" + id + "'", factory, options);
      case ChildSpec.Start.Tree(TreeSpec tree, StartOptions options) ->
          new ChildSpec.Start.Tree(tree(tree), options);
      case ChildSpec.Start.Function(Supplier<StartResult> function) ->
          new ChildSpec.Start.Function(() -> loader.run(function));
    };
  }

  private ChildSpec isolated(ChildSpec child) {
    return child.start(start(child.id(), child.start()));
  }

  private TreeSpec tree(TreeSpec tree) {
    return switch (tree) {
      case SupervisorSpec spec -> spec.children(children(spec.children(), spec.autoShutdown()));
      case DynamicSupervisorSpec spec -> spec;
      case TaskSupervisorSpec spec -> spec;
      case PartitionSupervisorSpec spec -> {
        var arguments = spec.withArguments();
        yield spec.child(isolated(spec.child()))
            .withArguments((args, partition) -> loader.run(() -> arguments.apply(args, partition)));
      }
      case RegistrySpec spec -> spec;
    };
  }

  private ChildSpec.Start server(
      String what, Supplier<? extends GenServer<?, ?, ?>> factory, StartOptions options) {
    try {
      var server = loader.run(factory);
      if (server == null) {
        problems.add(what + " has a factory that returned null; return a new server");
      } else {
        bind(what, server.getClass());
      }
    } catch (Throwable e) {
      problems.add(what + " has a factory that threw " + e);
    }
    return new ChildSpec.Start.Server(isolated(loader, factory), options);
  }

  /// A factory that runs with the plugin's context class loader.
  static Supplier<GenServer<?, ?, ?>> isolated(
      PluginClassLoader loader, Supplier<? extends GenServer<?, ?, ?>> factory) {
    return () -> loader.run(factory);
  }

  private void bind(String what, Class<?> server) {
    if (!bound.add(server)) {
      return;
    }
    try {
      loader.run(() -> Binding.of(server));
    } catch (UnbindableException e) {
      e.problems().forEach(problem -> problems.add(what + ": " + problem));
    } catch (Throwable e) {
      problems.add(what + ": its message types threw " + e + " when they were loaded");
    }
  }

  /// Whether something is missing that plugin code, compiled without null checks, left out.
  private static boolean lacks(@Nullable Object... parts) {
    for (var part : parts) {
      if (part == null) {
        return true;
      }
    }
    return false;
  }
}
