package dev.genserver.daemon;

import dev.genserver.daemon.access.Auth;
import dev.genserver.daemon.access.TokenException;
import dev.genserver.daemon.config.ConfigLoader;
import dev.genserver.daemon.config.DaemonConfig;
import dev.genserver.daemon.plugin.PluginProblem;
import dev.genserver.daemon.plugin.Plugins;
import dev.genserver.daemon.trace.TraceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// `genserverd config check`: all that is wrong with a configuration, as far as it can be told
/// without starting a daemon.
///
/// The files that it names are read. Plugins are loaded as for a start, so their constructors and
/// the factories of their servers run, and forgotten again; no process is started and no address
/// bound.
final class ConfigCheck {

  /// The settings that name files which are read here.
  private static final List<String> FILES =
      List.of(
          "tls.certificate",
          "tls.key",
          "tls.client-ca",
          "tokens.file",
          "tokens.dir",
          "traces.headers-file");

  /// What was found.
  ///
  /// @param problems all of them, with the line where there is one
  /// @param plugins how many plugins could be loaded
  /// @param note what is worth a look and no problem
  record Result(List<String> problems, int plugins, Optional<String> note) {}

  private ConfigCheck() {}

  static Result check(ConfigLoader.Read read) {
    var config = read.config();
    var problems = new ArrayList<>(read.problems());
    checkTls(config, problems);
    checkTokens(config, problems);
    checkTraces(config, problems);
    try (var plugins =
        Plugins.load(
            config.plugins().dir(),
            !config.plugins().dirIsDefault(),
            Daemon.configured(config.processes()),
            Daemon.configurations(config))) {
      problems.addAll(plugins.problems().stream().map(PluginProblem::message).toList());
      return new Result(List.copyOf(problems), plugins.loaded().size(), plugins.note());
    }
  }

  private static void checkTls(DaemonConfig config, List<String> problems) {
    try {
      Daemon.tls(config);
    } catch (StartException e) {
      e.problems().forEach(problem -> problems.add(withPlace(problem, config)));
    }
  }

  private static void checkTokens(DaemonConfig config, List<String> problems) {
    try {
      if (config.auth().map(Auth::takesTokens).orElse(false)) {
        config.tokens().read();
      }
    } catch (TokenException e) {
      problems.add(withPlace(String.valueOf(e.getMessage()), config));
    }
  }

  private static void checkTraces(DaemonConfig config, List<String> problems) {
    try {
      config.traces().headers();
    } catch (TraceException e) {
      problems.add(withPlace(String.valueOf(e.getMessage()), config));
    }
  }

  /// The problem with a file, and where it says which.
  private static String withPlace(String problem, DaemonConfig config) {
    return FILES.stream()
        .filter(problem::contains)
        .flatMap(key -> origin(key, config))
        .findFirst()
        .map(origin -> problem + " (" + origin + ")")
        .orElse(problem);
  }

  private static Stream<String> origin(String key, DaemonConfig config) {
    return config.effective().stream()
        .filter(value -> value.key().equals(key))
        .map(value -> "config '%s', %s".formatted(key, value.origin()));
  }
}
