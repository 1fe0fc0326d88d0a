package dev.genserver.daemon.config;

import dev.genserver.daemon.access.NameSet;
import dev.genserver.daemon.access.PrincipalName;
import dev.genserver.daemon.access.PrincipalSpec;
import dev.genserver.daemon.access.Rights;
import dev.genserver.daemon.text.Names;
import dev.genserver.daemon.text.YamlNode;
import dev.genserver.daemon.text.YamlNode.Mapping;
import dev.genserver.daemon.text.YamlNode.Scalar;
import dev.genserver.daemon.text.YamlNode.Sequence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Takes the principals and their rights out of the file.
final class FilePrincipals {

  private static final List<String> FIELDS =
      List.of("name", "certificates", "call", "cast", "monitor", "admin");

  private final Path file;
  private final List<String> problems;
  private final Map<String, Integer> lines = new HashMap<>();

  private FilePrincipals(Path file, List<String> problems) {
    this.file = file;
    this.problems = problems;
  }

  static List<PrincipalConfig> read(Path file, Sequence principals, List<String> problems) {
    var reading = new FilePrincipals(file, problems);
    var read = new ArrayList<PrincipalConfig>();
    for (var i = 0; i < principals.elements().size(); i++) {
      read.add(reading.principal("principals[" + i + "]", principals.elements().get(i)));
    }
    return read;
  }

  private PrincipalConfig principal(String path, YamlNode node) {
    var fields = node instanceof Mapping mapping ? mapping.entries() : Map.<String, YamlNode>of();
    fields.forEach((field, value) -> {
      if (!FIELDS.contains(field)) {
        var near = Names.didYouMean(field, FIELDS);
        problem(path + "." + field, value.line(), "is unknown" + near);
      }
    });
    var certificates = texts(path + ".certificates", fields.get("certificates"));
    certificates.forEach(each -> once(path + ".certificates", each, node.line()));
    var rights =
        new Rights(
            names(path + ".call", fields.get("call")),
            names(path + ".cast", fields.get("cast")),
            names(path + ".monitor", fields.get("monitor")),
            admin(path + ".admin", fields.get("admin")));
    var name = name(path + ".name", fields.get("name"), node.line());
    return new PrincipalConfig(
        new PrincipalSpec(name, certificates, rights), file + ":" + node.line());
  }

  private String name(String path, @Nullable YamlNode node, int line) {
    if (node instanceof Scalar scalar && PrincipalName.isValid(scalar.text())) {
      once(path, scalar.text(), line);
      return scalar.text();
    }
    problem(path, line, "must be there; take " + PrincipalName.WANTED);
    return "";
  }

  private void once(String path, String value, int line) {
    var first = lines.putIfAbsent(value, line);
    if (first != null) {
      problem(path, line, "is '%s' again, first in line %d; remove one".formatted(value, first));
    }
  }

  private NameSet names(String path, @Nullable YamlNode node) {
    try {
      return NameSet.of(texts(path, node));
    } catch (IllegalArgumentException e) {
      problem(path, node == null ? 1 : node.line(), String.valueOf(e.getMessage()));
      return NameSet.NONE;
    }
  }

  /// The texts of a list; one alone need not be in a list.
  private List<String> texts(String path, @Nullable YamlNode node) {
    return switch (node) {
      case null -> List.of();
      case Scalar scalar when scalar.value() != null -> List.of(scalar.text());
      case Sequence(var elements, int _)
          when elements.stream().allMatch(each -> each instanceof Scalar s && s.value() != null) ->
          elements.stream().map(each -> ((Scalar) each).text()).toList();
      case YamlNode other -> {
        problem(path, other.line(), "must be a list of texts, such as [counter, 'chat/*']");
        yield List.of();
      }
    };
  }

  private boolean admin(String path, @Nullable YamlNode node) {
    if (node == null) {
      return false;
    }
    if (node instanceof Scalar scalar && scalar.value() instanceof Boolean admin) {
      return admin;
    }
    problem(path, node.line(), "must be true or false");
    return false;
  }

  private void problem(String path, int line, String what) {
    problems.add("config '%s' (%s:%d) %s".formatted(path, file, line, what));
  }
}
