package dev.genserver.daemon.plugin;

import dev.genserver.daemon.plugin.Takeover.Step;
import dev.genserver.runtime.CodeSwitch;
import dev.genserver.runtime.Node;
import dev.genserver.runtime.PluginClassLoader;
import dev.genserver.sdk.Pid;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Upgrades plugins under their running processes, watches how that goes, and goes back.
///
/// The version before is kept, as OTP keeps old code: loaded, with nothing of it running, until the
/// next upgrade, so that the way back is as short as the way there. A canary is a new version that
/// some children run beside the old one.
///
/// Thread-safe. Blocks: one change waits for the other, and for the processes.
public final class Upgrades {

  private static final System.Logger LOG = System.getLogger(Upgrades.class.getName());

  /// A version that ran before.
  ///
  /// @param states what its processes were at; empty when they have gone on for too long
  private record Previous(LoadedPlugin plugin, Map<Pid, CodeSwitch.Saved> states) {}

  private final Node node;
  private final Plugins plugins;
  private final PluginTrees trees;
  private final Retired retired;
  private final ReentrantLock changing;
  private final Path folder;
  private final Takeover takeover;
  private final Map<String, Previous> previous = new ConcurrentHashMap<>();
  private final Map<String, Probation> probations = new ConcurrentHashMap<>();
  private final Map<String, Canary> canaries = new ConcurrentHashMap<>();
  private final AtomicLong upgraded = new AtomicLong();
  private final AtomicLong rolledBack = new AtomicLong();

  /// @param changing held by whoever changes which plugins there are
  /// @param folder the plugin folder
  Upgrades(
      Node node,
      Plugins plugins,
      PluginTrees trees,
      Retired retired,
      ReentrantLock changing,
      Path folder) {
    this.node = node;
    this.plugins = plugins;
    this.trees = trees;
    this.retired = retired;
    this.changing = changing;
    this.folder = folder;
    this.takeover = new Takeover(node, trees);
  }

  // How things stand.

  /// The version that a plugin can be rolled back to.
  public Optional<String> previousVersion(String id) {
    return Optional.ofNullable(previous.get(id)).map(before -> before.plugin.version());
  }

  /// The probation that the plugin is on, or was on last.
  public Optional<Probation> probation(String id) {
    return Optional.ofNullable(probations.get(id));
  }

  /// The version that some of the plugin's processes try.
  public Optional<Canary> canary(String id) {
    return Optional.ofNullable(canaries.get(id));
  }

  /// How many versions have taken over from others so far.
  public long upgradeCount() {
    return upgraded.get();
  }

  /// How many versions were taken back so far, canaries included.
  public long rollbackCount() {
    return rolledBack.get();
  }

  // Upgrades.

  /// Has a plugin take the place of the loaded one of the same id, under its running processes.
  ///
  /// @param jar where it is now; deleted, or moved into the plugin folder
  /// @param name what it is to be called there
  /// @throws PluginRefusedException with all that is wrong with it, or with the states; everything
  ///   goes on as before then
  public Upgraded upgrade(Path jar, String name, UpgradeOptions options) {
    return locked(() -> {
      try {
        var next = plugins.candidate(jar, folder.resolve(name));
        var old = plugins.find(next.id()).orElseThrow();
        var report = upgrade(old, next, options);
        return isDone(options)
            ? report.kept(PluginFiles.keep(jar, next.file(), old.file()))
            : report;
      } finally {
        PluginFiles.delete(jar);
      }
    });
  }

  private static boolean isDone(UpgradeOptions options) {
    return !options.dryRun() && options.canary() == 0;
  }

  /// [#upgrade(Path, String, UpgradeOptions)] of a plugin that was loaded for it, which is
  /// discarded if it is not to run.
  Upgraded upgrade(LoadedPlugin old, LoadedPlugin next, UpgradeOptions options) {
    return locked(() -> {
      try {
        requireNoCanary(old.id());
        var broken = takeover.checkContract(old, next, options.force());
        if (options.canary() > 0 && !options.dryRun()) {
          return beginCanary(old, next, options, broken);
        }
        var done = takeover.carryOut(new Step(old, next, Map.of()), options, broken);
        if (options.dryRun()) {
          Retired.close(next);
        } else {
          tookOver(done, old, next, options);
        }
        return done.report();
      } catch (PluginRefusedException e) {
        Retired.close(next);
        throw e;
      }
    });
  }

  private void tookOver(
      Takeover.Done done, LoadedPlugin old, LoadedPlugin next, UpgradeOptions options) {
    var id = next.id();
    endProbation(id);
    plugins.replace(old, next);
    var before = previous.remove(id);
    if (before != null) {
      retired.addAndAwait(before.plugin);
    }
    var watched = !options.probation().isZero();
    previous.put(id, new Previous(old, watched ? done.before() : Map.of()));
    if (watched) {
      probations.put(id, watch(next, options, () -> forgetStates(id), () -> rollback(next, true)));
    }
    upgraded.incrementAndGet();
    log(Level.INFO, "plugin upgraded", done.report());
  }

  /// Too much has happened since to go back to what was before.
  private void forgetStates(String id) {
    previous.computeIfPresent(id, (_, before) -> new Previous(before.plugin, Map.of()));
  }

  private static void log(Level level, String event, Upgraded report) {
    LOG.log(
        level,
        event + " id={0} from={1} to={2} processes={3} reverted={4} pause={5}",
        report.id(),
        report.from(),
        report.to(),
        report.processes(),
        report.reverted(),
        report.pause());
  }

  // The way back.

  /// Has the version of a plugin take over again that ran before the last upgrade; or ends its
  /// canary.
  ///
  /// @param force whether a process whose state cannot be carried back goes on with the one that it
  ///   had before; these are there until the probation, or the canary, is over
  /// @throws PluginRefusedException if it cannot; everything goes on as it was then
  /// @return empty if there is no plugin with that id
  public Optional<Upgraded> rollback(String id, boolean force) {
    return locked(() -> {
      var report =
          plugins
              .find(id)
              .map(plugin ->
                  canaries.containsKey(id) ? endCanary(id, force) : rollback(plugin, force));
      report.ifPresent(_ -> endProbation(id));
      return report;
    });
  }

  private Upgraded rollback(LoadedPlugin now, boolean force) {
    var before = previous.get(now.id());
    if (before == null) {
      throw new PluginRefusedException(
          "there is no version of plugin '%s' to roll back to; one is kept from an upgrade until it is back, or the daemon ends: upgrade to the jar of the version that you want"
              .formatted(now.id()));
    }
    var step = new Step(now, before.plugin, force ? before.states : Map.of());
    var report = takeover.carryOut(step, UpgradeOptions.defaults(), List.of()).report();
    previous.remove(now.id());
    plugins.replace(now, before.plugin);
    retired.addAndAwait(now);
    rolledBack.incrementAndGet();
    log(Level.WARNING, "plugin rolled back", report);
    return report.kept(PluginFiles.restore(before.plugin, now.file()));
  }

  // Probations.

  /// @param back goes back to the version from before
  private Probation watch(
      LoadedPlugin plugin, UpgradeOptions options, Runnable passed, Supplier<Upgraded> back) {
    var supervisor = trees.supervisor(plugin);
    return Probation.begin(
        options.probation(),
        () -> failure(node.crashesOf(plugin.loader()), options.crashes(), supervisor),
        passed,
        (probation, reason) -> giveUp(plugin, probation, reason, back));
  }

  private Optional<String> failure(long crashes, int allowed, Optional<Pid> supervisor) {
    if (crashes > allowed) {
      return Optional.of("%d of its processes crashed, and %d may".formatted(crashes, allowed));
    }
    return supervisor.filter(node::isAlive).isEmpty()
        ? Optional.of("its supervisor has ended, as restarts came too fast")
        : Optional.empty();
  }

  private Probation.Outcome giveUp(
      LoadedPlugin plugin, Probation probation, String reason, Supplier<Upgraded> back) {
    return locked(() -> {
      if (probation.isOver()) {
        return new Probation.Outcome.Superseded();
      }
      LOG.log(
          Level.ERROR,
          "plugin fails its probation id={0} version={1} reason={2}",
          plugin.id(),
          plugin.version(),
          reason);
      try {
        return new Probation.Outcome.RolledBack(reason, back.get());
      } catch (PluginRefusedException e) {
        LOG.log(Level.ERROR, "plugin cannot be rolled back id=" + plugin.id(), e);
        return new Probation.Outcome.Stuck(reason, String.valueOf(e.getMessage()));
      }
    });
  }

  private void endProbation(String id) {
    var probation = probations.get(id);
    if (probation != null) {
      probation.supersede();
    }
  }

  // Canaries.

  private void requireNoCanary(String id) {
    var canary = canaries.get(id);
    if (canary != null) {
      throw new PluginRefusedException(
          "some processes of plugin '%s' try version %s; promote that, or roll it back, first"
              .formatted(id, canary.version()));
    }
  }

  /// @throws PluginRefusedException if it is not certain which version is to stay
  void requireSettled(String id) {
    requireNoCanary(id);
    var probation = probations.get(id);
    if (probation != null && !probation.isOver()) {
      throw new PluginRefusedException(
          "plugin '%s' is on probation; wait for its end, or roll it back".formatted(id));
    }
  }

  private Upgraded beginCanary(
      LoadedPlugin old, LoadedPlugin next, UpgradeOptions options, List<String> broken) {
    var top =
        trees
            .supervisor(old)
            .orElseThrow(() ->
                new PluginRefusedException("none of the plugin's processes runs; upgrade it"));
    var canary = new Canary(node, top, old, next, options.canary());
    if (node.dynamicSupervisorsBelow(top).isEmpty()) {
      throw new PluginRefusedException(
          "the plugin has no dynamic supervisor, whose children could try it; upgrade it");
    }
    node.versions(PluginClassLoader::areOfOne);
    canary.begin();
    canaries.put(next.id(), canary);
    var probation = watch(next, options, () -> {}, () -> endCanary(next.id(), true));
    probations.put(next.id(), probation);
    Thread.ofVirtual().name("canary " + next.id()).start(() -> spread(canary, probation, options));
    LOG.log(
        Level.INFO,
        "plugin has a canary id={0} from={1} to={2} percent={3}",
        next.id(),
        old.version(),
        next.version(),
        options.canary());
    return Upgraded.begun(old, next, broken);
  }

  /// After a while, has children that run try the new version too.
  private void spread(Canary canary, Probation probation, UpgradeOptions options) {
    if (!probation.lasts(options.settle())) {
      return;
    }
    locked(() -> {
      if (canaries.get(canary.next().id()) == canary) {
        try {
          var chosen = canary.chosen();
          if (!chosen.isEmpty()) {
            var step = new Step(canary.old(), canary.next(), Map.of());
            var done = takeover.carryOut(step, chosen, options);
            canary.remember(done.before());
            log(Level.INFO, "canary of plugin spread", done.report());
          }
        } catch (PluginRefusedException e) {
          probation.fail("children that run cannot try it: " + e.getMessage());
        }
      }
      return true;
    });
  }

  /// Has all processes run the version that some have tried.
  ///
  /// @throws PluginRefusedException if there is none, or if they cannot; everything goes on as it
  ///   was then
  /// @return empty if there is no plugin with that id
  public Optional<Upgraded> promote(String id) {
    return locked(() -> plugins.find(id).map(this::promote));
  }

  private Upgraded promote(LoadedPlugin old) {
    var canary = canaries.get(old.id());
    if (canary == null) {
      throw new PluginRefusedException(
          "no process of plugin '%s' tries another version; there is nothing to promote"
              .formatted(old.id()));
    }
    var options = UpgradeOptions.defaults();
    var next = canary.next();
    var done = takeover.carryOut(new Step(old, next, Map.of()), options, List.of());
    canary.end();
    canaries.remove(old.id());
    tookOver(done, old, next, options);
    return done.report().kept(PluginFiles.keepCopy(next, old.file()));
  }

  private Upgraded endCanary(String id, boolean force) {
    var canary = Objects.requireNonNull(canaries.get(id));
    var step = new Step(canary.next(), canary.old(), force ? canary.before() : Map.of());
    var report = takeover.carryOut(step, UpgradeOptions.defaults(), List.of()).report();
    canary.end();
    canaries.remove(id);
    retired.addAndAwait(canary.next());
    rolledBack.incrementAndGet();
    log(Level.WARNING, "canary of plugin rolled back", report);
    return report.kept(true);
  }

  // The end.

  /// The plugin is removed: its processes have ended, and its other versions go with it.
  void forget(String id) {
    endProbation(id);
    probations.remove(id);
    var canary = canaries.remove(id);
    if (canary != null) {
      trees.end(canary.next());
      retired.add(canary.next());
    }
    var before = previous.remove(id);
    if (before != null) {
      retired.add(before.plugin);
    }
  }

  /// Stops to watch, and closes the versions that are kept. For the end of the daemon.
  void close() {
    locked(() -> {
      probations.values().forEach(Probation::supersede);
      previous.values().forEach(before -> Retired.close(before.plugin));
      canaries.values().forEach(canary -> Retired.close(canary.next()));
      return true;
    });
  }

  private <T> T locked(Supplier<T> change) {
    changing.lock();
    try {
      return change.get();
    } finally {
      changing.unlock();
    }
  }
}
