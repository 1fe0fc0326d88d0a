package dev.genserver.daemon.config;

import dev.genserver.daemon.config.YamlNode.Mapping;
import dev.genserver.daemon.config.YamlNode.Scalar;
import dev.genserver.daemon.config.YamlNode.Sequence;
import dev.genserver.daemon.text.Names;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.ServerRef;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Takes the processes out of the file.
final class FileProcesses {

  private static final List<String> FIELDS =
      List.of("name", "behaviour", "args", "restart", "max-queue");

  private static final String RESERVED = "sys.";
  private static final ValueParser<Restart> RESTART = ValueParser.constant(Restart.class);
  private static final ValueParser<Integer> QUEUE = ValueParser.whole(1, 10_000_000);

  private final Path file;
  private final int defaultMaxQueue;
  private final List<String> problems;
  private final Map<String, Integer> lines = new HashMap<>();

  private FileProcesses(Path file, int defaultMaxQueue, List<String> problems) {
    this.file = file;
    this.defaultMaxQueue = defaultMaxQueue;
    this.problems = problems;
  }

  static List<ProcessConfig> read(
      Path file, Sequence processes, int defaultMaxQueue, List<String> problems) {
    var reading = new FileProcesses(file, defaultMaxQueue, problems);
    var read = new ArrayList<ProcessConfig>();
    for (var i = 0; i < processes.elements().size(); i++) {
      reading.process("processes[" + i + "]", processes.elements().get(i)).ifPresent(read::add);
    }
    return read;
  }

  private Optional<ProcessConfig> process(String path, YamlNode node) {
    if (!(node instanceof Mapping(var fields, int line))) {
      problem(path, node.line(), "must have a name and a behaviour");
      return Optional.empty();
    }
    fields.forEach((field, value) -> {
      if (!FIELDS.contains(field)) {
        var near = Names.didYouMean(field, FIELDS);
        problem(path + "." + field, value.line(), "is unknown" + near);
      }
    });
    var found = problems.size();
    var name = text(path, "name", fields, line);
    var behaviour = text(path, "behaviour", fields, line);
    var process =
        new ProcessConfig(
            name,
            behaviour,
            args(path + ".args", fields.get("args")),
            parse(path + ".restart", fields.get("restart"), RESTART, Restart.PERMANENT),
            parse(path + ".max-queue", fields.get("max-queue"), QUEUE, defaultMaxQueue),
            file + ":" + line);
    if (problems.size() == found) {
      checkName(path + ".name", name, line);
    }
    return Optional.of(process);
  }

  private void checkName(String path, String name, int line) {
    try {
      ServerRef.named(name);
    } catch (IllegalArgumentException e) {
      problem(path, line, "cannot be: " + e.getMessage());
    }
    if (name.startsWith(RESERVED)) {
      problem(path, line, "begins with 'sys.', which is kept for the daemon; rename it");
    }
    var first = lines.putIfAbsent(name, line);
    if (first != null) {
      problem(path, line, "is '%s' again, first in line %d; rename one".formatted(name, first));
    }
  }

  private String text(String path, String field, Map<String, YamlNode> fields, int line) {
    if (fields.get(field) instanceof Scalar scalar && scalar.value() != null) {
      return scalar.text();
    }
    problem(path + "." + field, line, "is missing; every process needs a name and a behaviour");
    return "";
  }

  private <T> T parse(String path, @Nullable YamlNode node, ValueParser<T> parser, T missing) {
    if (node == null) {
      return missing;
    }
    var text = node instanceof Scalar scalar ? scalar.text() : String.valueOf(node.plain());
    try {
      return parser.parse(text);
    } catch (IllegalArgumentException e) {
      problem(path, node.line(), e.getMessage() + ", is '" + text + "'");
      return missing;
    }
  }

  private Args args(String path, @Nullable YamlNode node) {
    var values = new LinkedHashMap<String, Object>();
    if (node instanceof Mapping mapping) {
      mapping
          .entries()
          .forEach((name, value) -> {
            var plain = value.plain();
            if (plain == null) {
              problem(
                  path + "." + name, value.line(), "has no value; give it one or remove the line");
            } else {
              values.put(name, plain);
            }
          });
    } else if (node != null) {
      problem(path, node.line(), "must hold arguments, each as 'name: value'");
    }
    return new Args(values);
  }

  private void problem(String path, int line, String what) {
    problems.add("config '%s' (%s:%d) %s".formatted(path, file, line, what));
  }
}
