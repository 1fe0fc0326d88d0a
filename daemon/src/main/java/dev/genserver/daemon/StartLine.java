package dev.genserver.daemon;

import dev.genserver.daemon.config.ConfigKey;
import dev.genserver.daemon.config.ConfigLoader;
import dev.genserver.daemon.config.DaemonConfig;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the command line says of the daemon's settings.
///
/// @param config the configuration file that it names
/// @param flags the settings that it sets, by flag; in the order in which settings are shown
record StartLine(Optional<Path> config, Map<String, String> flags) {

  static final String CONFIG = "--config";

  StartLine {
    flags = inOrder(flags);
  }

  private static Map<String, String> inOrder(Map<String, String> flags) {
    var ordered = new LinkedHashMap<String, String>();
    for (var key : ConfigKey.all()) {
      var value = flags.get(key.flag());
      if (value != null) {
        ordered.put(key.flag(), value);
      }
    }
    return Collections.unmodifiableMap(ordered);
  }

  /// Understands the lines by which daemons are started, without the cost of loading picocli: that
  /// is a quarter of a start. What it understands means the same to [Commands].
  ///
  /// @return null if picocli has to look at them: it is a line of another kind, or not as plain
  static @Nullable StartLine parse(String... args) {
    var known = ConfigKey.all().stream().map(ConfigKey::flag).collect(Collectors.toSet());
    var flags = new HashMap<String, String>();
    for (var i = args.length > 0 && args[0].equals("run") ? 1 : 0; i < args.length; i++) {
      var equals = args[i].indexOf('=');
      var flag = equals < 0 ? args[i] : args[i].substring(0, equals);
      if (equals < 0 && ++i == args.length) {
        return null;
      }
      var value = equals < 0 ? args[i] : args[i].substring(equals + 1);
      if (!isPlain(flag, value, known) || flags.put(flag, value) != null) {
        return null;
      }
    }
    var config = Optional.ofNullable(flags.remove(CONFIG)).map(Path::of);
    return new StartLine(config, flags);
  }

  /// To picocli, what begins with `@` names a file with arguments; and after `--config`, which
  /// takes not just any word, it may be a flag or a command.
  private static boolean isPlain(String flag, String value, Set<String> known) {
    if (value.startsWith("@")) {
      return false;
    }
    return flag.equals(CONFIG)
        ? !value.startsWith("-") && (value.contains("/") || value.contains("."))
        : known.contains(flag);
  }

  /// The configuration by this line, the environment and the file.
  DaemonConfig load() {
    return ConfigLoader.load(config, System.getenv(), flags);
  }

  /// The same, and what else the file says, for a check.
  ConfigLoader.Read read() {
    return ConfigLoader.read(config, System.getenv(), flags);
  }
}
