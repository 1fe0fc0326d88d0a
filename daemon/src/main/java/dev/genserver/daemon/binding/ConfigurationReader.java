package dev.genserver.daemon.binding;

import dev.genserver.daemon.text.Names;
import dev.genserver.daemon.text.Section;
import dev.genserver.daemon.text.YamlNode;
import dev.genserver.daemon.text.YamlNode.Mapping;
import dev.genserver.daemon.text.YamlNode.Scalar;
import dev.genserver.daemon.text.YamlNode.Sequence;
import dev.genserver.runtime.JavaType;
import dev.genserver.sdk.Secret;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads one section, and collects all that is wrong with it. For one thread.
///
/// What cannot be read is null, and one problem at least; a record is made only of components that
/// could all be read.
final class ConfigurationReader {

  private static final String REFERENCE = "{file: PATH} or {env: VARIABLE}";

  private final Section section;
  private final Secrets secrets;
  private final List<String> problems = new ArrayList<>();
  private final List<Secret> read = new ArrayList<>();

  ConfigurationReader(Section section, Secrets secrets) {
    this.section = section;
    this.secrets = secrets;
  }

  List<String> problems() {
    return problems;
  }

  /// The record that the section is.
  @Nullable Object read(JavaType record) {
    return record(record, section.path(), section.values());
  }

  private @Nullable Object value(JavaType type, String path, YamlNode node) {
    if (node instanceof Scalar scalar && scalar.value() == null) {
      return problem(path, node, "has no value; give it one or remove the line");
    }
    var raw = type.raw();
    if (raw == Optional.class) {
      var value = value(type.argument(0), path, node);
      return value == null ? null : Optional.of(value);
    } else if (raw == Secret.class) {
      return secret(path, node);
    } else if (node instanceof Scalar scalar) {
      return scalar(type, path, scalar);
    } else if (node instanceof Sequence sequence) {
      return sequence(type, path, sequence);
    } else if (node instanceof Mapping mapping && raw.isRecord()) {
      return record(type, path, mapping);
    } else if (node instanceof Mapping mapping && raw == Map.class) {
      return entries(type, path, mapping);
    }
    return problem(path, node, "must be " + wanted(type) + ", is a mapping");
  }

  private @Nullable Object scalar(JavaType type, String path, Scalar scalar) {
    return SettingReader.of(type.raw())
        .flatMap(reader -> reader.read(scalar))
        .orElseGet(() ->
            problem(path, scalar, "must be " + wanted(type) + ", is '" + scalar.text() + "'"));
  }

  private @Nullable Object sequence(JavaType type, String path, Sequence sequence) {
    if (!ConfigurationBinding.isList(type.raw()) && type.raw() != Set.class) {
      return problem(path, sequence, "must be " + wanted(type) + ", is a list");
    }
    var before = problems.size();
    var elements = new ArrayList<Object>();
    for (var i = 0; i < sequence.elements().size(); i++) {
      var element = value(type.argument(0), path + "[" + i + "]", sequence.elements().get(i));
      if (element != null) {
        elements.add(element);
      }
    }
    if (problems.size() > before) {
      return null;
    }
    return type.raw() == Set.class
        ? Collections.unmodifiableSet(new LinkedHashSet<>(elements))
        : Collections.unmodifiableList(elements);
  }

  private @Nullable Object entries(JavaType type, String path, Mapping mapping) {
    var before = problems.size();
    var entries = new LinkedHashMap<String, Object>();
    mapping
        .entries()
        .forEach((name, node) -> {
          var value = value(type.argument(1), path + "." + name, node);
          if (value != null) {
            entries.put(name, value);
          }
        });
    return problems.size() > before ? null : Collections.unmodifiableMap(entries);
  }

  private @Nullable Object record(JavaType type, String path, Mapping mapping) {
    var before = problems.size();
    var components = type.raw().getRecordComponents();
    var keys = Stream.of(components).map(ConfigurationReader::key).toList();
    mapping
        .entries()
        .forEach((key, node) -> {
          if (!keys.contains(key)) {
            problem(path + "." + key, node, "is unknown" + meant(key, keys));
          }
        });
    var values = new @Nullable Object[components.length];
    for (var i = 0; i < components.length; i++) {
      var inner = JavaType.of(components[i].getGenericType(), type.variables());
      var node = mapping.entries().get(keys.get(i));
      var place = path + "." + keys.get(i);
      values[i] = node == null ? absent(inner, place, mapping) : value(inner, place, node);
    }
    return problems.size() > before ? null : made(type, values, path, mapping);
  }

  private @Nullable Object absent(JavaType type, String path, Mapping in) {
    return type.raw() == Optional.class
        ? Optional.empty()
        : problem(path, in, "is missing; it must be " + wanted(type));
  }

  private @Nullable Object made(
      JavaType type, @Nullable Object[] values, String path, Mapping mapping) {
    try {
      var types =
          Stream.of(type.raw().getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      var constructor = type.raw().getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      var thrown = Objects.requireNonNullElse(e.getCause(), e);
      var message = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
      return problem(path, mapping, "is refused: " + masked(message));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return problem(path, mapping, "cannot become a " + type.text() + ": " + e);
    }
  }

  /// A message of the plugin's, without the secrets that it may have read.
  private String masked(String message) {
    var masked = message;
    for (var secret : read) {
      masked = masked.replace(secret.reveal(), "***");
    }
    return masked;
  }

  private @Nullable Object secret(String path, YamlNode node) {
    if (node instanceof Scalar) {
      var key = path.substring(path.lastIndexOf('.') + 1);
      return problem(
          path,
          node,
          "is a secret, which must not stand here itself; put it into a file or an environment"
              + " variable and refer to that, as in '%s: {file: /run/secrets/%s}' or '%s: {env: %s}'"
                  .formatted(key, key, key, key.toUpperCase(Locale.ROOT).replace('-', '_')));
    }
    if (node instanceof Mapping(var entries, int _)
        && entries.size() == 1
        && entries.firstEntry().getValue() instanceof Scalar to
        && !to.text().isEmpty()) {
      try {
        return switch (entries.firstEntry().getKey()) {
          case "file" -> known(secrets.ofFile(to.text()));
          case "env" -> known(secrets.ofEnvironment(to.text()));
          default -> problem(path, node, "must be " + wanted(JavaType.of(Secret.class)));
        };
      } catch (IllegalArgumentException e) {
        return problem(path, node, String.valueOf(e.getMessage()));
      }
    }
    return problem(path, node, "must be " + wanted(JavaType.of(Secret.class)));
  }

  private Secret known(Secret secret) {
    read.add(secret);
    return secret;
  }

  private static String key(RecordComponent component) {
    return Names.snakeCase(component.getName()).replace('_', '-');
  }

  private static String meant(String key, List<String> known) {
    if (known.isEmpty()) {
      return "; nothing can be said here, remove it";
    }
    var near = Names.didYouMean(key, known);
    return near.isEmpty() ? "; known here: " + String.join(", ", known) : near;
  }

  private static String wanted(JavaType type) {
    var raw = type.raw();
    if (raw == Optional.class) {
      return wanted(type.argument(0));
    } else if (raw == Secret.class) {
      return "one reference to a secret, " + REFERENCE;
    } else if (raw.isRecord()) {
      return Stream.of(raw.getRecordComponents())
          .map(ConfigurationReader::key)
          .collect(Collectors.joining(", ", "a mapping with ", ""));
    } else if (raw == Map.class) {
      return "a mapping";
    }
    return SettingReader.of(raw).map(SettingReader::wanted).orElse("a list");
  }

  private @Nullable Object problem(String path, YamlNode node, String what) {
    problems.add(section.problem(path, node, what));
    return null;
  }
}
