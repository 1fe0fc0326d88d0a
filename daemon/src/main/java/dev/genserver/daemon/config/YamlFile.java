package dev.genserver.daemon.config;

import dev.genserver.daemon.text.YamlNode;
import dev.genserver.daemon.text.YamlNode.Mapping;
import dev.genserver.daemon.text.YamlNode.Scalar;
import dev.genserver.daemon.text.YamlNode.Sequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/// Reads a YAML file into nodes that know their lines. For one thread.
final class YamlFile {

  private static final YAMLFactory YAML = new YAMLFactory();

  private final Path file;
  private final YAMLParser parser;
  private final List<String> problems;

  private YamlFile(Path file, YAMLParser parser, List<String> problems) {
    this.file = file;
    this.parser = parser;
    this.problems = problems;
  }

  /// The mapping that the file holds; empty if it holds nothing, or cannot be read.
  ///
  /// @param problems takes what is wrong with the file
  static Mapping read(Path file, List<String> problems) {
    try {
      var text = Files.readString(file);
      try (var parser = (YAMLParser) YAML.createParser(ObjectReadContext.empty(), text)) {
        return new YamlFile(file, parser, problems).document();
      }
    } catch (NoSuchFileException _) {
      problems.add("config file " + file + " does not exist; create it, or name another");
    } catch (IOException e) {
      problems.add("config file " + file + " cannot be read: " + e);
    } catch (JacksonException e) {
      var line = e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr();
      problems.add(
          "config file "
              + file
              + line
              + " is no YAML: "
              + e.getOriginalMessage().lines().findFirst().orElse(""));
    }
    return empty();
  }

  private static Mapping empty() {
    return new Mapping(new LinkedHashMap<>(), 1);
  }

  private Mapping document() {
    if (parser.nextToken() == null || parser.currentToken() == JsonToken.VALUE_NULL) {
      return empty();
    }
    var root = node("");
    if (parser.nextToken() != null) {
      problems.add("config file %s:%d has a second document; keep one".formatted(file, line()));
    }
    if (root instanceof Mapping mapping) {
      return mapping;
    }
    problems.add("config file " + file + " must hold settings, such as 'listen: 127.0.0.1:6470'");
    return empty();
  }

  /// @param path the keys that lead here
  private YamlNode node(String path) {
    var line = line();
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping(path, line);
      case START_ARRAY -> sequence(path, line);
      default -> scalar(path, line);
    };
  }

  private Mapping mapping(String path, int line) {
    var entries = new LinkedHashMap<String, YamlNode>();
    for (var key = parser.nextName(); key != null; key = parser.nextName()) {
      var keyLine = line();
      var keyPath = path.isEmpty() ? key : path + "." + key;
      parser.nextToken();
      var first = entries.put(key, node(keyPath));
      if (first != null) {
        problems.add(
            "config '%s' (%s:%d) is there twice, first in line %d; remove one"
                .formatted(keyPath, file, keyLine, first.line()));
      }
    }
    return new Mapping(entries, line);
  }

  private Sequence sequence(String path, int line) {
    var elements = new ArrayList<YamlNode>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(node(path + "[" + elements.size() + "]"));
    }
    return new Sequence(elements, line);
  }

  private Scalar scalar(String path, int line) {
    if (parser.isCurrentAlias()) {
      problems.add(
          "config '%s' (%s:%d) is an alias; write the value out".formatted(path, file, line));
    }
    var text = parser.getString();
    return switch (parser.currentToken()) {
      case VALUE_NUMBER_INT ->
          new Scalar(
              parser.getNumberType() == NumberType.BIG_INTEGER
                  ? parser.getBigIntegerValue()
                  : (Object) parser.getLongValue(),
              text,
              line);
      case VALUE_NUMBER_FLOAT -> new Scalar(parser.getDoubleValue(), text, line);
      case VALUE_TRUE -> new Scalar(true, text, line);
      case VALUE_FALSE -> new Scalar(false, text, line);
      case VALUE_NULL -> new Scalar(null, text, line);
      default -> new Scalar(text, text, line);
    };
  }

  private int line() {
    return parser.currentTokenLocation().getLineNr();
  }
}
