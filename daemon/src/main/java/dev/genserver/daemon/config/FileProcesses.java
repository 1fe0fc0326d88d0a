package dev.genserver.daemon.config;

import dev.genserver.daemon.text.Names;
import dev.genserver.daemon.text.YamlNode;
import dev.genserver.daemon.text.YamlNode.Mapping;
import dev.genserver.daemon.text.YamlNode.Scalar;
import dev.genserver.daemon.text.YamlNode.Sequence;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.Strategy;
import dev.genserver.sdk.SupervisorSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Takes the processes, and the supervisors that some of them are below, out of the file.
final class FileProcesses {

  private static final List<String> PROCESS =
      List.of("name", "behaviour", "args", "restart", "max-queue", "cpu-bound", "critical");
  private static final List<String> SUPERVISOR =
      List.of("name", "strategy", "intensity", "period", "restart", "children");

  private static final String RESERVED = "sys.";
  private static final ValueParser<Restart> RESTART = ValueParser.constant(Restart.class);
  private static final ValueParser<Strategy> STRATEGY = ValueParser.constant(Strategy.class);
  private static final ValueParser<Integer> INTENSITY = ValueParser.whole(0, 1_000_000);
  private static final ValueParser<Duration> PERIOD = ValueParser.time("1ms", "24h");
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

  static List<ChildConfig> read(
      Path file, Sequence processes, int defaultMaxQueue, List<String> problems) {
    return new FileProcesses(file, defaultMaxQueue, problems).children("processes", processes);
  }

  private List<ChildConfig> children(String path, Sequence nodes) {
    var read = new ArrayList<ChildConfig>();
    for (var i = 0; i < nodes.elements().size(); i++) {
      child(path + "[" + i + "]", nodes.elements().get(i)).ifPresent(read::add);
    }
    return read;
  }

  private Optional<ChildConfig> child(String path, YamlNode node) {
    if (!(node instanceof Mapping(var fields, int line))) {
      problem(path, node.line(), "must have a name and a behaviour, or a name and children");
      return Optional.empty();
    }
    if (!fields.containsKey("children") && !fields.containsKey("strategy")) {
      return Optional.of(process(path, fields, line));
    }
    if (fields.containsKey("behaviour")) {
      problem(
          path,
          line,
          "has a behaviour and children; what has children is a supervisor, so"
              + " give the behaviour to one of them");
      return Optional.empty();
    }
    return Optional.of(supervisor(path, fields, line));
  }

  private ProcessConfig process(String path, Map<String, YamlNode> fields, int line) {
    checkFields(path, fields, PROCESS);
    var found = problems.size();
    var process =
        new ProcessConfig(
            text(path, "name", fields, line),
            text(path, "behaviour", fields, line),
            args(path + ".args", fields.get("args")),
            parse(path + ".restart", fields.get("restart"), RESTART, Restart.PERMANENT),
            parse(path + ".max-queue", fields.get("max-queue"), QUEUE, defaultMaxQueue),
            parse(path + ".cpu-bound", fields.get("cpu-bound"), ValueParser.truth(), false),
            parse(path + ".critical", fields.get("critical"), ValueParser.truth(), false),
            file + ":" + line);
    if (problems.size() == found) {
      checkName(path + ".name", process.name(), line);
    }
    return process;
  }

  private SupervisorConfig supervisor(String path, Map<String, YamlNode> fields, int line) {
    checkFields(path, fields, SUPERVISOR);
    var found = problems.size();
    var name = text(path, "name", fields, line);
    var usual = SupervisorSpec.oneForOne(List.of());
    var strategy =
        parse(path + ".strategy", fields.get("strategy"), STRATEGY, Strategy.ONE_FOR_ONE);
    var intensity =
        parse(path + ".intensity", fields.get("intensity"), INTENSITY, usual.intensity());
    var period = parse(path + ".period", fields.get("period"), PERIOD, usual.period());
    var restart = parse(path + ".restart", fields.get("restart"), RESTART, Restart.PERMANENT);
    if (problems.size() == found) {
      checkName(path + ".name", name, line);
    }
    return new SupervisorConfig(
        name,
        strategy,
        intensity,
        period,
        restart,
        childrenOf(path + ".children", fields.get("children"), line),
        file + ":" + line);
  }

  private List<ChildConfig> childrenOf(String path, @Nullable YamlNode node, int line) {
    if (node instanceof Sequence sequence && !sequence.elements().isEmpty()) {
      return children(path, sequence);
    }
    problem(
        path,
        node == null ? line : node.line(),
        "must be a list of at least one child; begin each with '- name: …'");
    return List.of();
  }

  private void checkFields(String path, Map<String, YamlNode> fields, List<String> known) {
    fields.forEach((field, value) -> {
      if (!known.contains(field)) {
        var near = Names.didYouMean(field, known);
        problem(path + "." + field, value.line(), "is unknown" + near);
      }
    });
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
    problem(
        path + "." + field,
        line,
        "is missing; every process needs a name and a behaviour, every supervisor a name and"
            + " children");
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
