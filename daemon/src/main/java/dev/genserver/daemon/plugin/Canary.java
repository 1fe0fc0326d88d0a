package dev.genserver.daemon.plugin;

import dev.genserver.runtime.CodeSwitch;
import dev.genserver.runtime.Node;
import dev.genserver.runtime.PluginClassLoader;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartOptions;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// A new version of a plugin that runs beside the old one, for a part of the children of its
/// dynamic supervisors. Starts of children may come from any thread; all else is for one at a time.
public final class Canary {

  private final Node node;
  private final Pid top;
  private final LoadedPlugin old;
  private final LoadedPlugin next;
  private final int percent;
  private final ServerFactories factories;
  private final AtomicLong starts = new AtomicLong();
  private final Map<Pid, CodeSwitch.Saved> before = new HashMap<>();

  /// @param top the plugin's own supervisor
  Canary(Node node, Pid top, LoadedPlugin old, LoadedPlugin next, int percent) {
    this.node = node;
    this.top = top;
    this.old = old;
    this.next = next;
    this.percent = percent;
    this.factories = ServerFactories.of(old, next);
  }

  LoadedPlugin old() {
    return old;
  }

  LoadedPlugin next() {
    return next;
  }

  /// The version that is tried.
  public String version() {
    return next.version();
  }

  /// Which part of the children is to try it.
  public int percent() {
    return percent;
  }

  /// How many processes run the new version now.
  public int processes() {
    return node.processesOf(next.loader()).size();
  }

  /// What processes ran on that were switched over while they ran.
  Map<Pid, CodeSwitch.Saved> before() {
    return before;
  }

  void remember(Map<Pid, CodeSwitch.Saved> states) {
    before.putAll(states);
  }

  /// Has the part of the children that start from now on run the new version.
  void begin() {
    node.dynamicSupervisorsBelow(top)
        .forEach(supervisor -> node.divert(supervisor, Optional.of(this::start)));
  }

  /// Has all children that start from now on run the version that asks for them.
  void end() {
    node.dynamicSupervisorsBelow(top)
        .forEach(supervisor -> node.divert(supervisor, Optional.empty()));
  }

  private ChildSpec start(ChildSpec asked) {
    return asked.start() instanceof ChildSpec.Start.Server(var factory, StartOptions options)
        ? renewed(factory)
            .filter(_ -> isNextDue())
            .map(renewed -> asked.start(new ChildSpec.Start.Server(renewed, options)))
            .orElse(asked)
        : asked;
  }

  /// What makes the server in the new version; empty if it is none of the old one, or in none.
  private Optional<Supplier<? extends GenServer<?, ?, ?>>> renewed(
      Supplier<? extends GenServer<?, ?, ?>> factory) {
    var type = ((PluginClassLoader) old.loader()).run(factory).getClass();
    return old.loader().equals(type.getClassLoader()) ? factories.find(type) : Optional.empty();
  }

  private boolean isNextDue() {
    var number = starts.incrementAndGet();
    return number * percent / 100 > (number - 1) * percent / 100;
  }

  /// The children that are to be switched over so that the part is reached, and their supervisors.
  Set<Pid> chosen() {
    var children = node.dynamicChildrenBelow(top);
    var oldOnes = new HashSet<>(node.processesOf(old.loader()));
    oldOnes.retainAll(children.keySet());
    var newOnes = new HashSet<>(node.processesOf(next.loader()));
    newOnes.retainAll(children.keySet());
    var all = oldOnes.size() + newOnes.size();
    var missing = Math.ceilDiv(all * percent, 100) - newOnes.size();
    var chosen = new HashSet<Pid>();
    oldOnes.stream()
        .sorted(Comparator.comparingLong(Pid::serial))
        .limit(Math.max(0, missing))
        .forEach(child -> {
          chosen.add(child);
          chosen.add(children.get(child));
        });
    return chosen;
  }
}
