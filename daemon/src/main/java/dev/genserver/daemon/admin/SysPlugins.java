package dev.genserver.daemon.admin;

import dev.genserver.daemon.plugin.LoadedPlugin;
import dev.genserver.daemon.plugin.PluginProblem;
import dev.genserver.daemon.plugin.Plugins;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.Behaviour;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import java.util.Map;

/// The process `sys.plugins`, by which an operator sees which plugins there are, and what could not
/// be loaded.
public final class SysPlugins extends GenServer<SysPlugins.State, SysPlugins.Request, Void> {

  /// What it is registered under.
  public static final String NAME = "sys.plugins";

  /// It remembers nothing.
  public record State() {}

  /// What it can be asked.
  sealed interface Request {

    /// The plugins that are loaded, and what is wrong with others.
    record List() implements Request {}
  }

  private final Plugins plugins;

  public SysPlugins(Plugins plugins) {
    this.plugins = plugins;
  }

  @Override
  public Init<State> init(Args args) {
    return ok(new State());
  }

  @Override
  public CallResult<State> handleCall(Request request, From from, State state) {
    return switch (request) {
      case Request.List() -> reply(list(), state);
    };
  }

  private Map<String, Object> list() {
    return new JsonObject()
        .with("plugins", plugins.loaded().stream().map(SysPlugins::line).toList())
        .with("problems", plugins.problems().stream().map(PluginProblem::message).toList())
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
}
