package dev.genserver.cli;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The daemons that a user has given names to, and the one in use. What a context says is what an
/// environment could say as well, so it is used by adding it to the environment.
///
/// As text:
///
/// ```
/// use = prod
/// [prod]
/// url = tls://alpha.example
/// token-file = /etc/shop.token
/// ```
///
/// @param current the name of the one in use; null for none
/// @param byName what each says, by the names of the options without their dashes
record Contexts(@Nullable String current, Map<String, Map<String, String>> byName) {

  static final String VARIABLE = "GENSERVER_CONTEXT";
  static final Contexts NONE = new Contexts(null, Map.of());

  /// What a context can say, by the names of options and of variables.
  static final Map<String, String> VARIABLES =
      Map.of(
          "url", Address.VARIABLE,
          "token-file", "GENSERVER_TOKEN_FILE",
          "ca", "GENSERVER_CA",
          "cert", "GENSERVER_CERT",
          "key", "GENSERVER_KEY",
          "server-name", "GENSERVER_SERVER_NAME");

  private static final String USE = "use";

  /// The shell as a command with these options has to see it.
  ///
  /// `--context` stands in for the environment. `GENSERVER_CONTEXT` says what the environment
  /// leaves open. The context in use says where the daemon is if nothing else does; it says nothing
  /// of another daemon, which might get a token that is not for it.
  static Shell applied(Command.Options options, Shell shell) {
    var asked = options.credentials().context();
    var name = asked == null ? shell.variable(VARIABLE) : asked;
    if (name == null && (options.url() != null || shell.variable(Address.VARIABLE) != null)) {
      return shell;
    }
    var contexts = ContextFile.of(shell).read();
    if (name == null) {
      name = contexts.current;
    }
    return name == null ? shell : contexts.added(name, asked != null, shell);
  }

  private Shell added(String name, boolean instead, Shell shell) {
    var environment = new HashMap<>(shell.environment());
    if (instead) {
      environment.remove(Access.TOKEN);
      environment.keySet().removeAll(VARIABLES.values());
    }
    for (var entry : named(name).entrySet()) {
      var variable = VARIABLES.get(entry.getKey());
      if (variable != null && environment.getOrDefault(variable, "").isEmpty()) {
        environment.put(variable, entry.getValue());
      }
    }
    return new Shell(shell.in(), shell.out(), shell.err(), environment);
  }

  /// @throws CliException if there is none
  Map<String, String> named(String name) {
    var context = byName.get(name);
    if (context == null) {
      throw new CliException(
          CliException.NO_INPUT,
          "there is no context '" + name + "'; 'genserver context list' shows which there are");
    }
    return context;
  }

  Contexts with(String name, Map<String, String> context) {
    var all = new LinkedHashMap<>(byName);
    all.put(name, context);
    return new Contexts(current, all);
  }

  Contexts without(String name) {
    var all = new LinkedHashMap<>(byName);
    all.remove(name);
    return new Contexts(name.equals(current) ? null : current, all);
  }

  Contexts using(String name) {
    named(name);
    return new Contexts(name, byName);
  }

  /// Reads what [#toText] has written; lines that say nothing to it are left out.
  static Contexts parse(List<String> lines) {
    String current = null;
    var byName = new LinkedHashMap<String, Map<String, String>>();
    Map<String, String> context = null;
    for (var line : lines) {
      int equals = line.indexOf(" = ");
      if (line.startsWith("[") && line.endsWith("]")) {
        context = new LinkedHashMap<>();
        byName.put(line.substring(1, line.length() - 1), context);
      } else if (equals > 0 && context != null) {
        context.put(line.substring(0, equals), line.substring(equals + 3));
      } else if (equals > 0 && line.startsWith(USE)) {
        current = line.substring(equals + 3);
      }
    }
    return new Contexts(current, byName);
  }

  String toText() {
    var text = new StringBuilder("# Written by 'genserver context'.\n");
    if (current != null) {
      text.append(USE).append(" = ").append(current).append('\n');
    }
    byName.forEach((name, context) -> {
      text.append('[').append(name).append("]\n");
      context.forEach((key, value) -> text.append(key).append(" = ").append(value).append('\n'));
    });
    return text.toString();
  }
}
