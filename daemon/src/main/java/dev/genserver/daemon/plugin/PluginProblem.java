package dev.genserver.daemon.plugin;

/// Why a plugin, or a process that the configuration wants, is not there or does not run.
///
/// @param message one sentence: what is wrong, where, and how to mend it
public record PluginProblem(String message) {

  static PluginProblem refused(String file, String reason) {
    return new PluginProblem("plugin " + file + " refused: " + reason);
  }

  static PluginProblem down(String id) {
    return new PluginProblem(
        "plugin '%s' is down: it did not start, or its restarts are exhausted; the log has the reason, and 'genserver plugin restart %s' starts it again"
            .formatted(id, id));
  }

  @Override
  public String toString() {
    return message;
  }
}
