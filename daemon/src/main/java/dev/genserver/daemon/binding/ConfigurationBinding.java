package dev.genserver.daemon.binding;

import dev.genserver.daemon.text.Section;
import dev.genserver.runtime.JavaType;
import dev.genserver.sdk.ConfiguredPlugin;
import dev.genserver.sdk.Secret;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes what the configuration file says to a plugin into the record that the plugin takes.
/// Immutable.
///
/// The record is the type argument of [ConfiguredPlugin]. Its components are the keys, written with
/// dashes. As with messages nothing is guessed, and as with the daemon's own settings all that is
/// wrong is told at once.
public final class ConfigurationBinding {

  private static final String CONFIGURABLE =
      "use a number, boolean, String, enum, Duration, Instant, LocalDate, UUID, Path, URI, Secret,"
          + " record, Optional, List, Set, or Map with String keys";

  private final JavaType type;

  private ConfigurationBinding(JavaType type) {
    this.type = type;
  }

  /// The binding of a class of plugins.
  ///
  /// @throws UnbindableException if no configuration becomes the record that it takes
  public static ConfigurationBinding of(Class<?> plugin) {
    var problems = new ArrayList<String>();
    var type = JavaType.argumentsOf(ConfiguredPlugin.class, plugin).getFirst();
    if (type.raw().isRecord()) {
      check(type, "", new HashSet<>(), problems);
    } else {
      problems.add(
          "%s is a ConfiguredPlugin of %s, which is no record of its own; name the record of its configuration there"
              .formatted(JavaType.nestedName(plugin), type.text()));
    }
    if (!problems.isEmpty()) {
      throw new UnbindableException(problems);
    }
    return new ConfigurationBinding(type);
  }

  /// The record with the values of the section. Runs constructors of the plugin, and reads the
  /// secrets to which the section refers.
  ///
  /// @param environment the value of an environment variable; null if it is not set
  /// @throws ConfigurationException with all that is wrong
  public Record bind(Section section, Function<String, @Nullable String> environment) {
    var reader = new ConfigurationReader(section, new Secrets(environment));
    var made = reader.read(type);
    if (!reader.problems().isEmpty()) {
      throw new ConfigurationException(reader.problems());
    }
    return (Record) Objects.requireNonNull(made);
  }

  /// What is wrong with a section for a plugin that takes none.
  public static Optional<String> unwanted(Section section) {
    return section.values().entries().isEmpty()
        ? Optional.empty()
        : Optional.of(
            section.problem(
                section.path(),
                section.values(),
                "is for a plugin that takes no configuration; remove it"));
  }

  /// @param where what has this type, for problems
  private static void check(
      JavaType type, String where, Set<JavaType> seen, List<String> problems) {
    var raw = type.raw();
    if (SettingReader.of(raw).isPresent() || raw == Secret.class || !seen.add(type)) {
      return;
    }
    if (raw.isRecord()) {
      for (var component : raw.getRecordComponents()) {
        var inner = JavaType.of(component.getGenericType(), type.variables());
        check(
            inner,
            JavaType.nestedName(raw) + "." + component.getName() + " has type " + inner.text(),
            seen,
            problems);
      }
    } else if (raw == Optional.class || isList(raw) || raw == Set.class) {
      check(type.argument(0), where, seen, problems);
    } else if (raw == Map.class && type.argument(0).raw() == String.class) {
      check(type.argument(1), where, seen, problems);
    } else {
      problems.add(where + ", and no configuration becomes a " + type.text() + "; " + CONFIGURABLE);
    }
  }

  static boolean isList(Class<?> raw) {
    return raw == List.class || raw == Collection.class;
  }
}
