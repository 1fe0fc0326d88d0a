package dev.genserver.daemon.plugin;

/// Why a plugin, or a process that the configuration wants, is not there.
///
/// @param message one sentence: what is wrong, where, and how to mend it
public record PluginProblem(String message) {

  static PluginProblem refused(String file, String reason) {
    return new PluginProblem("plugin " + file + " refused: " + reason);
  }

  @Override
  public String toString() {
    return message;
  }
}
