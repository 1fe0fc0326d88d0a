package dev.genserver.cli;

import dev.genserver.protocol.RawJson;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// What may stand where the cursor is: `genserver __complete WORD…`, as the scripts of `genserver
/// completion` ask. The last word is what has been typed of the one to complete.
///
/// It says nothing rather than that something went wrong, and waits for no daemon for long: a
/// person has pressed the tab key. What asks the daemon does without picocli, which takes time to
/// load.
final class Completion {

  static final String COMMAND = "__complete";

  /// The commands whose first word is the name of a process.
  static final Set<String> OF_PROCESS =
      Set.of(
          "bench",
          "call",
          "cast",
          "describe",
          "info",
          "monitor",
          "pipe",
          "replace-state",
          "restart",
          "resume",
          "state",
          "stats",
          "stop",
          "suspend",
          "trace",
          "wait",
          "why");

  /// The options after which a value stands.
  static final Set<String> WITH_VALUE =
      Set.of(
          "--args",
          "--ca",
          "--canary",
          "--cert",
          "--concurrency",
          "--connections",
          "--context",
          "--count",
          "--crashes",
          "--duration",
          "--for",
          "--id",
          "--in-flight",
          "--interval",
          "--iterations",
          "--key",
          "--last",
          "--name",
          "--package",
          "--payload",
          "--probation",
          "--rate",
          "--rest",
          "--server-name",
          "--settle",
          "--sort",
          "--timeout",
          "--token-file",
          "--url",
          "--warmup");

  private static final TimeLimit LIMIT = new TimeLimit(200);

  /// A handshake alone takes longer.
  private static final TimeLimit TLS_LIMIT = new TimeLimit(1_000);

  private final Shell shell;
  private final String typed;
  private final List<String> words = new ArrayList<>();
  private final Map<String, String> options = new HashMap<>();
  private @Nullable String openOption;

  private Completion(List<String> line, Shell shell) {
    this.shell = shell;
    this.typed = line.getLast();
    for (var word : line.subList(0, line.size() - 1)) {
      if (openOption != null) {
        options.put(openOption, word);
        openOption = null;
      } else if (WITH_VALUE.contains(word)) {
        openOption = word;
      } else if (!word.startsWith("-")) {
        words.add(word);
      }
    }
  }

  /// Prints the candidates, one a line.
  static void run(List<String> line, Shell shell) {
    if (line.isEmpty()) {
      return;
    }
    try {
      var completion = new Completion(line, shell);
      var candidates = new StringBuilder();
      for (var candidate : new TreeSet<>(completion.candidates())) {
        if (candidate.startsWith(completion.typed)) {
          candidates.append(candidate).append('\n');
        }
      }
      shell.print(candidates.toString());
    } catch (CliException _) {
      // Then there is nothing to offer.
    }
  }

  private Collection<String> candidates() {
    if (openOption != null) {
      return openOption.equals(Credentials.CONTEXT) ? contexts() : List.of();
    }
    if (typed.startsWith("-")) {
      return optionsOrSubcommands();
    }
    var command = words.isEmpty() ? "" : words.getFirst();
    if (OF_PROCESS.contains(command)) {
      return switch (words.size()) {
        case 1 -> processes();
        case 2 -> types(command).keySet();
        default -> fields(types(command).get(words.get(2)));
      };
    }
    if (command.equals("context") && words.size() == 2) {
      return contexts();
    }
    if (List.of(List.of("plugin", "remove"), List.of("plugin", "restart")).contains(words)) {
      return plugins(_ -> true);
    }
    if (words.equals(List.of("plugin", "rollback"))) {
      return plugins(
          plugin -> plugin.has(PluginCommands.PREVIOUS) || plugin.has(PluginCommands.CANARY));
    }
    if (words.equals(List.of("plugin", "promote"))) {
      return plugins(plugin -> plugin.has(PluginCommands.CANARY));
    }
    if (command.equals(CompletionCommand.NAME)) {
      return CompletionCommand.SHELLS;
    }
    return optionsOrSubcommands();
  }

  private Set<String> contexts() {
    return ContextFile.of(shell).read().byName().keySet();
  }

  private List<String> processes() {
    var request = SysCommand.begin("list", null).field("limit").number(1_000).endObject();
    var names = new ArrayList<String>();
    var reply = ask("list", SysCommand.PROCESSES, request.toRawJson());
    for (var process : Fields.list(reply)) {
      if (process.has("name")) {
        names.add(process.text("name"));
      }
    }
    return names;
  }

  private List<String> plugins(Predicate<Fields> which) {
    var reply = ask("plugin list", SysCommand.PLUGINS, SysCommand.request("list", null));
    return Fields.of(reply).objects("plugins").stream()
        .filter(which)
        .map(each -> each.text("id"))
        .toList();
  }

  /// The types of messages that the process takes by this command, each with its fields.
  private Map<String, Fields> types(String command) {
    if (!command.equals("call") && !command.equals("cast")) {
      return Map.of();
    }
    var request = SysCommand.request("describe", words.get(1));
    var about = Fields.of(ask("describe", SysCommand.PROCESSES, request));
    var types = new HashMap<String, Fields>();
    about
        .object(command + "s")
        .ifPresent(all ->
            all.values()
                .forEach((type, fields) -> types.put(Fields.line(type), Fields.of(fields))));
    return types;
  }

  /// The fields that have not been given yet, ready for their value.
  private Collection<String> fields(@Nullable Fields fields) {
    var names = new HashSet<String>();
    if (fields != null && !typed.contains("=")) {
      fields.values().keySet().forEach(name -> names.add(Fields.line(name) + "="));
    }
    for (var given : words.subList(3, words.size())) {
      names.remove(given.substring(0, given.indexOf('=') + 1));
    }
    return names;
  }

  private @Nullable Object ask(String title, String to, RawJson request) {
    var credentials =
        new Credentials(
            options.get(Credentials.CONTEXT),
            options.get(Credentials.TOKEN_FILE),
            options.get(Credentials.CA),
            options.get(Credentials.CERTIFICATE),
            options.get(Credentials.KEY),
            options.get(Credentials.SERVER_NAME));
    var given =
        new Command.Options(options.get(Command.Options.URL), credentials, true, true, false);
    var command = new SysCommand(title, to, request, null, given);
    var limit = Access.of(given, shell).tls() == null ? LIMIT : TLS_LIMIT;
    return SysCommand.ask(command, to, request, limit, shell).toValue();
  }

  private Collection<String> optionsOrSubcommands() {
    var command = Commands.commandLine(shell, words);
    for (var word : words) {
      var subcommand = command.getSubcommands().get(word);
      if (subcommand == null) {
        return typed.startsWith("-") ? options(command) : List.of();
      }
      command = subcommand;
    }
    return typed.startsWith("-") ? options(command) : command.getSubcommands().keySet();
  }

  private static List<String> options(CommandLine command) {
    var names = new ArrayList<String>();
    for (var option : command.getCommandSpec().options()) {
      names.add(option.longestName());
    }
    return names;
  }
}
