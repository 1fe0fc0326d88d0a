package dev.genserver.daemon.admin;

import dev.genserver.daemon.plugin.Deployment;
import dev.genserver.daemon.plugin.Deployment.Deployed;
import dev.genserver.daemon.plugin.Deployment.Removed;
import dev.genserver.daemon.plugin.LoadedPlugin;
import dev.genserver.daemon.plugin.PluginProblem;
import dev.genserver.daemon.plugin.PluginRefusedException;
import dev.genserver.daemon.plugin.Plugins;
import dev.genserver.daemon.plugin.Uploads;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.WireError;
import dev.genserver.runtime.Unloading;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.Behaviour;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Callable;

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

    /// Stops the processes of a plugin and unloads it.
    record Remove(String plugin) implements Request {}
  }

  private final Plugins plugins;
  private final Deployment deployment;
  private final Audit audit;

  public SysPlugins(Plugins plugins, Deployment deployment, Wire wire) {
    this.plugins = plugins;
    this.deployment = deployment;
    this.audit = new Audit(wire);
  }

  @Override
  public Init<State> init(Args args) {
    return ok(new State(Uploads.begin()));
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
        case Request.Remove(String plugin) -> {
          audit.note("remove plugin=" + plugin, from);
          yield later(from, state, () -> removed(plugin));
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
    return new JsonObject()
        .with("plugins", plugins.loaded().stream().map(SysPlugins::line).toList())
        .with("problems", plugins.problems().stream().map(PluginProblem::message).toList())
        .with("leaking", deployment.leaking().stream().map(SysPlugins::leak).toList())
        .toMap();
  }

  private static Map<String, Object> line(LoadedPlugin plugin) {
    return new JsonObject()
        .with("id", plugin.id())
        .with("version", plugin.version())
        .with("file", plugin.file().getFileName().toString())
        .with("behaviours", plugin.behaviours().stream().map(Behaviour::name).sorted().toList())
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

  private Map<String, Object> removed(String plugin) throws InterruptedException {
    var removed =
        deployment
            .remove(plugin)
            .orElseThrow(() ->
                Refusal.unknown(
                    "no plugin has the id '%s'".formatted(plugin),
                    plugin,
                    plugins.loaded().stream().map(LoadedPlugin::id).toList()));
    return described(removed);
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

  @Override
  public void terminate(ExitReason reason, State state) {
    state.uploads.close();
  }
}
