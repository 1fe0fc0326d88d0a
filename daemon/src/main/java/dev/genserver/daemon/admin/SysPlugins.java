package dev.genserver.daemon.admin;

import dev.genserver.daemon.plugin.Canary;
import dev.genserver.daemon.plugin.Deployment;
import dev.genserver.daemon.plugin.Deployment.Deployed;
import dev.genserver.daemon.plugin.Deployment.Removed;
import dev.genserver.daemon.plugin.LoadedPlugin;
import dev.genserver.daemon.plugin.PluginProblem;
import dev.genserver.daemon.plugin.PluginRefusedException;
import dev.genserver.daemon.plugin.Plugins;
import dev.genserver.daemon.plugin.Probation;
import dev.genserver.daemon.plugin.UpgradeOptions;
import dev.genserver.daemon.plugin.Upgraded;
import dev.genserver.daemon.plugin.Upgrades;
import dev.genserver.daemon.plugin.Uploads;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.WireError;
import dev.genserver.runtime.Unloading;
import dev.genserver.runtime.Usage;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.Behaviour;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/// The process `sys.plugins`, by which an operator sees which plugins there are, brings new ones,
/// and takes them away.
///
/// What takes long runs beside this process, and goes on if whoever asked for it does not wait.
public final class SysPlugins extends GenServer<SysPlugins.State, SysPlugins.Request, Void> {

  /// What it is registered under.
  public static final String NAME = "sys.plugins";

  /// What it remembers.
  ///
  /// @param uploads the jars that are on their way
  public record State(Uploads uploads) {}

  /// What it can be asked.
  sealed interface Request {

    /// The plugins that are loaded, what is wrong with others, and what has stayed in memory of
    /// those that were removed.
    record List() implements Request {}

    /// Begins to upload a jar.
    ///
    /// @param file its name
    record Upload(String file, long bytes, String sha256) implements Request {}

    /// The next bytes of a jar, in Base64.
    record Chunk(long upload, long offset, String data) implements Request {}

    /// Loads a jar that was uploaded and starts its processes.
    record Deploy(long upload) implements Request {}

    /// Looks what is wrong with a jar that was uploaded.
    record Verify(long upload) implements Request {}

    /// Has a jar that was uploaded take the place of the loaded plugin of the same id, under its
    /// running processes.
    ///
    /// @param force whether to go on though the new version takes fewer messages
    /// @param dryRun whether only to try it
    /// @param probation for how long the new version is watched; not at all if left out
    /// @param crashes how many of its processes may crash meanwhile; 2 if left out
    /// @param canary which part of the children of dynamic supervisors is to try it, in percent;
    ///   all processes change at once if left out
    /// @param settle for how long only children that start try it, before others do; 10 s if left
    ///   out
    /// @param rest how long the processes may take until each is between two messages; 5 s if left
    ///   out
    record Upgrade(
        long upload,
        Optional<Boolean> force,
        Optional<Boolean> dryRun,
        Optional<Duration> probation,
        Optional<Integer> crashes,
        Optional<Integer> canary,
        Optional<Duration> settle,
        Optional<Duration> rest)
        implements Request {}

    /// Has all processes of a plugin run the version that some have tried.
    record Promote(String plugin) implements Request {}

    /// Waits for the end of the probation that a plugin is on.
    record AwaitProbation(String plugin) implements Request {}

    /// Has the version take over again that ran before the last upgrade.
    ///
    /// @param force whether processes whose states cannot be carried back go on with those from
    ///   before, as long as the probation is not over
    record Rollback(String plugin, Optional<Boolean> force) implements Request {}

    /// Stops the processes of a plugin, if any run, and starts them anew.
    record Restart(String plugin) implements Request {}

    /// Stops the processes of a plugin and unloads it.
    record Remove(String plugin) implements Request {}
  }

  private static final Duration LONGEST_PROBATION = Duration.ofDays(7);
  private static final Duration LONGEST_REST = Duration.ofMinutes(5);

  private final Plugins plugins;
  private final Deployment deployment;
  private final Upgrades upgrades;
  private final Audit audit;

  public SysPlugins(Plugins plugins, Deployment deployment, Wire wire) {
    this.plugins = plugins;
    this.deployment = deployment;
    this.upgrades = deployment.upgrades();
    this.audit = new Audit(wire);
  }

  @Override
  public Init<State> init(Args args) {
    return ok(new State(plugins.uploads()));
  }

  @Override
  public CallResult<State> handleCall(Request request, From from, State state) {
    try {
      return switch (request) {
        case Request.List() -> reply(list(), state);
        case Request.Upload(String file, long bytes, String sha256) ->
            reply(Map.of("upload", state.uploads.begin(file, bytes, sha256)), state);
        case Request.Chunk(long upload, long offset, String data) ->
            reply(Map.of("bytes", state.uploads.add(upload, offset, decoded(data))), state);
        case Request.Deploy(long upload) -> {
          var jar = state.uploads.finish(upload);
          audit.note("deploy file=" + Uploads.nameOf(jar), from);
          yield later(from, state, () -> described(deployment.deploy(jar, Uploads.nameOf(jar))));
        }
        case Request.Verify(long upload) -> {
          var jar = state.uploads.finish(upload);
          yield later(from, state, () -> verified(jar));
        }
        case Request.Upgrade upgrade -> {
          var jar = state.uploads.finish(upgrade.upload());
          var options = options(upgrade);
          audit.note(
              (options.dryRun() ? "try-upgrade file=" : "upgrade file=") + Uploads.nameOf(jar),
              from);
          yield later(
              from,
              state,
              () -> described(upgrades.upgrade(jar, Uploads.nameOf(jar), options), options));
        }
        case Request.AwaitProbation(String plugin) ->
            later(from, state, () -> probation(plugin, from));
        case Request.Promote(String plugin) -> {
          audit.note("promote plugin=" + plugin, from);
          yield later(from, state, () -> promoted(plugin));
        }
        case Request.Rollback(String plugin, Optional<Boolean> force) -> {
          audit.note("rollback plugin=" + plugin, from);
          yield later(from, state, () -> rolledBack(plugin, force.orElse(false)));
        }
        case Request.Restart(String plugin) -> {
          audit.note("restart plugin=" + plugin, from);
          yield later(from, state, () -> restarted(plugin));
        }
        case Request.Remove(String plugin) -> {
          audit.note("remove plugin=" + plugin, from);
          yield remove(plugin, from, state);
        }
      };
    } catch (PluginRefusedException e) {
      return reply(refused(e), state);
    } catch (Refusal refusal) {
      return reply(refusal.error(), state);
    }
  }

  private CallResult<State> later(From from, State state, Callable<Object> work) {
    var _ = process().spawn(() -> from.reply(attempt(work)));
    return noReply(state);
  }

  private static Object attempt(Callable<Object> work) {
    try {
      return work.call();
    } catch (PluginRefusedException e) {
      return refused(e);
    } catch (Refusal refusal) {
      return refusal.error();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static WireError refused(PluginRefusedException refused) {
    return new WireError(
        ErrorCode.BAD_MESSAGE,
        "the plugin was refused: " + refused.getMessage(),
        Executed.NO,
        Map.of("problems", refused.reasons()));
  }

  private static byte[] decoded(String data) {
    try {
      return Base64.getDecoder().decode(data);
    } catch (IllegalArgumentException e) {
      throw Refusal.bad("'data' is not Base64: " + e.getMessage());
    }
  }

  private Map<String, Object> list() {
    var loaded = plugins.loaded();
    var usages = deployment.usages(loaded);
    return new JsonObject()
        .with(
            "plugins",
            loaded.stream()
                .map(each -> line(each, Objects.requireNonNull(usages.get(each.id()))))
                .toList())
        .with("problems", problems().map(PluginProblem::message).toList())
        .with("leaking", deployment.leaking().stream().map(SysPlugins::leak).toList())
        .toMap();
  }

  private Stream<PluginProblem> problems() {
    return Stream.concat(plugins.problems().stream(), deployment.down().stream());
  }

  private Map<String, Object> line(LoadedPlugin plugin, Usage usage) {
    return new JsonObject()
        .with("id", plugin.id())
        .with("version", plugin.version())
        .with("previous", upgrades.previousVersion(plugin.id()))
        .with(
            "probation_ms",
            upgrades
                .probation(plugin.id())
                .filter(probation -> !probation.isOver() && !probation.left().isZero())
                .map(probation -> probation.left().toMillis()))
        .with("canary", upgrades.canary(plugin.id()).map(SysPlugins::described))
        .with("file", plugin.file().getFileName().toString())
        .with("behaviours", plugin.behaviours().stream().map(Behaviour::name).sorted().toList())
        .with("processes", usage.processes())
        .with("queued", usage.queued())
        .with("busy_ms", usage.busy().toMillis())
        .with("restarts", usage.restarts())
        .with("crashes", usage.crashes())
        .with("threads", usage.threads())
        .with("classes", usage.classes())
        .toMap();
  }

  private static Map<String, Object> leak(Unloading unloading) {
    return new JsonObject()
        .with("id", unloading.id())
        .with("version", unloading.version())
        .with("held_by", unloading.holders())
        .toMap();
  }

  private static Map<String, Object> described(Deployed deployed) {
    return new JsonObject()
        .with("id", deployed.plugin().id())
        .with("version", deployed.plugin().version())
        .with("processes", deployed.plugin().children().size())
        .with("kept", deployed.kept())
        .toMap();
  }

  private Map<String, Object> verified(Path jar) {
    var verified = deployment.verify(jar);
    return Map.of("id", verified.id(), "version", verified.version());
  }

  private static UpgradeOptions options(Request.Upgrade upgrade) {
    var crashes = upgrade.crashes().orElse(UpgradeOptions.DEFAULT_CRASHES);
    var probation = upgrade.probation().orElse(Duration.ZERO);
    if (crashes < 0 || probation.isNegative() || probation.compareTo(LONGEST_PROBATION) > 0) {
      throw Refusal.bad(
          "a probation takes up to %s and forgives 0 crashes or more".formatted(LONGEST_PROBATION));
    }
    var canary = upgrade.canary().orElse(0);
    var settle = upgrade.settle().orElse(UpgradeOptions.DEFAULT_SETTLE);
    var isPart = upgrade.canary().isEmpty() || (canary >= 1 && canary <= 100);
    if (!isPart || settle.isNegative()) {
      throw Refusal.bad("a canary takes 1 to 100 percent, and settles for 0 ms or more");
    }
    var rest = upgrade.rest().orElse(UpgradeOptions.DEFAULT_LIMIT);
    if (rest.isNegative() || rest.compareTo(LONGEST_REST) > 0) {
      throw Refusal.bad("processes may take up to %s to come to rest".formatted(LONGEST_REST));
    }
    return UpgradeOptions.defaults()
        .limits(rest, UpgradeOptions.DEFAULT_LIMIT)
        .canary(canary, settle)
        .force(upgrade.force().orElse(false))
        .dryRun(upgrade.dryRun().orElse(false))
        .probation(probation, crashes);
  }

  private static Map<String, Object> described(Upgraded upgraded, UpgradeOptions options) {
    var isInPlace = !options.dryRun() && options.canary() == 0;
    return described(upgraded)
        .with("dry_run", options.dryRun() ? true : null)
        .with("kept", isInPlace ? upgraded.kept() : null)
        .with("canary", options.canary() > 0 ? options.canary() : null)
        .with(
            "probation_ms",
            options.dryRun() || options.probation().isZero()
                ? null
                : options.probation().toMillis())
        .toMap();
  }

  private static JsonObject described(Upgraded upgraded) {
    return new JsonObject()
        .with("id", upgraded.id())
        .with("from", upgraded.from())
        .with("to", upgraded.to())
        .with("processes", upgraded.processes())
        .with("pause_us", upgraded.pause().toNanos() / 1_000)
        .with("started", upgraded.started())
        .with("ended", upgraded.ended())
        .with("broken", upgraded.broken())
        .with("reverted", upgraded.reverted());
  }

  private Map<String, Object> probation(String plugin, From from) {
    var probation =
        upgrades
            .probation(plugin)
            .orElseThrow(() -> Refusal.bad("plugin '%s' is on no probation".formatted(plugin)));
    while (from.isWaiting() && probation.lasts(Duration.ofMillis(500))) {
      // Whoever has given up is waited for no longer.
    }
    return switch (probation.outcome()) {
      case Probation.Outcome.Passed() -> Map.of("outcome", "passed");
      case Probation.Outcome.RolledBack(String reason, Upgraded report) ->
          described(report)
              .with("outcome", "rolled_back")
              .with("reason", reason)
              .with("kept", report.kept())
              .toMap();
      case Probation.Outcome.Stuck(String reason, String problem) ->
          Map.of("outcome", "stuck", "reason", reason, "problem", problem);
      case Probation.Outcome.Superseded() -> Map.of("outcome", "superseded");
      case null -> Map.of("outcome", "open"); // nobody waits for it
    };
  }

  private static Map<String, Object> described(Canary canary) {
    return Map.of(
        "version", canary.version(), "percent", canary.percent(), "processes", canary.processes());
  }

  private Map<String, Object> promoted(String plugin) {
    var report = upgrades.promote(plugin).orElseThrow(() -> unknown(plugin));
    return described(report).with("kept", report.kept()).toMap();
  }

  private Map<String, Object> restarted(String id) {
    var plugin = deployment.restart(id).orElseThrow(() -> unknown(id));
    return Map.of(
        "id", plugin.id(), "version", plugin.version(), "processes", plugin.children().size());
  }

  private Map<String, Object> rolledBack(String plugin, boolean force) {
    var report = upgrades.rollback(plugin, force).orElseThrow(() -> unknown(plugin));
    return described(report).with("kept", report.kept()).toMap();
  }

  /// Has a thread tell what became of the classes that belongs to no process: compiled code of the
  /// runtime that is at work keeps classes in memory that it was compiled for, and below a process
  /// there is such code.
  private CallResult<State> remove(String plugin, From from, State state) {
    var _ =
        process()
            .spawn(() -> {
              var outcome =
                  attempt(() -> deployment.remove(plugin).orElseThrow(() -> unknown(plugin)));
              Thread.ofVirtual()
                  .name("unloading " + plugin)
                  .start(() ->
                      from.reply(
                          outcome instanceof Removed removed
                              ? attempt(() -> described(removed))
                              : outcome));
            });
    return noReply(state);
  }

  private Refusal unknown(String plugin) {
    return Refusal.unknown(
        "no plugin has the id '%s'".formatted(plugin),
        plugin,
        plugins.loaded().stream().map(LoadedPlugin::id).toList());
  }

  private static Map<String, Object> described(Removed removed) throws InterruptedException {
    var unloading = removed.unloading();
    var gone = unloading.await();
    return new JsonObject()
        .with("id", removed.id())
        .with("version", removed.version())
        .with("processes", removed.processes())
        .with("unloaded", gone)
        .with("held_by", gone ? null : unloading.holders())
        .toMap();
  }
}
