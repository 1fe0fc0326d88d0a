package dev.genserver.benchmarks;

import dev.genserver.benchmarks.BenchedDaemon.PluginSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// One of several builds of the daemon that are compared, or one build on other options.
///
/// @param options for the JVM, beside those of the daemon
public record BuiltDaemon(String name, Path jar, List<String> options) {

  private static final Pattern TEXT = Pattern.compile("(?:(\\w+)=)?(.+?\\.jar)((?: -\\S+)*)");

  /// The one that was built in the project at `root`.
  public static BuiltDaemon of(Path root) {
    return new BuiltDaemon("genserverd", BenchedDaemon.jar(root), List.of());
  }

  /// These, or the one that was built in the project at `root` if none is named.
  ///
  /// @param texts each `[NAME=]JAR[ OPTION…]`
  public static List<BuiltDaemon> of(Path root, List<String> texts) {
    return texts.isEmpty() ? List.of(of(root)) : texts.stream().map(BuiltDaemon::of).toList();
  }

  static BuiltDaemon of(String text) {
    var parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "a daemon is [NAME=]JAR[ OPTION…], such as 'new=genserverd.jar -XX:+UseZGC', not '%s'"
              .formatted(text));
    }
    var name = parts.group(1) == null ? "genserverd" : parts.group(1);
    var options = parts.group(3).isEmpty() ? List.<String>of() : options(parts.group(3));
    return new BuiltDaemon(name, Path.of(parts.group(2)), options);
  }

  private static List<String> options(String text) {
    return List.of(text.strip().split(" "));
  }

  /// Starts it.
  ///
  /// @param first options that its own come after, and so override
  public BenchedDaemon start(PluginSource plugins, List<String> first) throws IOException {
    var all = new ArrayList<>(first);
    all.addAll(options);
    return new BenchedDaemon(jar, plugins, Map.of(), all);
  }
}
