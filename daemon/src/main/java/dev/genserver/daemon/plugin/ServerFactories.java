package dev.genserver.daemon.plugin;

import dev.genserver.runtime.PluginClassLoader;
import dev.genserver.sdk.Behaviour;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.PartitionSupervisorSpec;
import dev.genserver.sdk.SupervisorSpec;
import dev.genserver.sdk.TreeSpec;
import java.lang.reflect.Constructor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// How one version of a plugin makes the servers that another version runs.
///
/// The behaviour of the same name does it; else the behaviour, or the child, whose server has a
/// class of the same name; else that class's constructor without parameters.
final class ServerFactories {

  private final PluginClassLoader loader;
  private final Map<Class<?>, String> behavioursBefore = new HashMap<>();
  private final Map<String, Supplier<? extends GenServer<?, ?, ?>>> byBehaviour = new HashMap<>();
  private final Map<String, Supplier<? extends GenServer<?, ?, ?>>> byClass = new HashMap<>();

  private ServerFactories(LoadedPlugin before, LoadedPlugin now) {
    this.loader = (PluginClassLoader) now.loader();
    children(now.children());
    for (var behaviour : now.behaviours()) {
      var factory = PluginCheck.isolated(loader, behaviour.factory());
      byBehaviour.put(behaviour.name(), factory);
      byClass.put(behaviour.type().getName(), factory);
    }
    for (Behaviour<?> behaviour : before.behaviours()) {
      behavioursBefore.put(behaviour.type(), behaviour.name());
    }
  }

  static ServerFactories of(LoadedPlugin before, LoadedPlugin now) {
    return new ServerFactories(before, now);
  }

  /// What makes the server that takes the place of one of class `old`; empty if nothing does.
  Optional<Supplier<? extends GenServer<?, ?, ?>>> find(Class<?> old) {
    return Optional.<Supplier<? extends GenServer<?, ?, ?>>>ofNullable(
            byBehaviour.get(behavioursBefore.getOrDefault(old, "")))
        .or(() -> Optional.ofNullable(byClass.get(old.getName())))
        .or(() -> constructor(old.getName()));
  }

  private void children(List<ChildSpec> children) {
    children.forEach(child -> start(child.start()));
  }

  private void start(ChildSpec.Start start) {
    switch (start) {
      case ChildSpec.Start.Server(var factory, _) ->
          byClass.put(factory.get().getClass().getName(), factory);
      case ChildSpec.Start.Tree(TreeSpec tree, _) -> {
        switch (tree) {
          case SupervisorSpec spec -> children(spec.children());
          case PartitionSupervisorSpec spec -> start(spec.child().start());
          case TreeSpec _ -> {
            // Its children come at run time.
          }
        }
      }
      case ChildSpec.Start.Function _ -> {
        // What it starts is known only when it runs.
      }
    }
  }

  private Optional<Supplier<? extends GenServer<?, ?, ?>>> constructor(String className) {
    try {
      var type = Class.forName(className, false, loader);
      if (!GenServer.class.isAssignableFrom(type)) {
        return Optional.empty();
      }
      var constructor = type.asSubclass(GenServer.class).getDeclaredConstructor();
      constructor.setAccessible(true);
      return Optional.of(() -> loader.run(() -> made(constructor)));
    } catch (ReflectiveOperationException | LinkageError _) {
      return Optional.empty();
    }
  }

  private static GenServer<?, ?, ?> made(Constructor<?> constructor) {
    try {
      return (GenServer<?, ?, ?>) constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(constructor + " failed: " + e.getCause(), e);
    }
  }
}
