package dev.genserver.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine;

/// Commands below another one, by their names. None is made before it is asked for: picocli looks
/// at all that a command has, and for all commands that takes longer than what any of them does.
final class Subcommands {

  private final Map<String, Function<List<String>, CommandLine>> makers = new LinkedHashMap<>();

  Subcommands add(String name, Supplier<Subcommand> command) {
    makers.put(name, _ -> new CommandLine(command.get()));
    return this;
  }

  /// @param command makes it, with those below it that the words behind its name ask for
  Subcommands add(String name, Function<List<String>, CommandLine> command) {
    makers.put(name, command);
    return this;
  }

  /// Puts below `parent` the command that the first word names; all of them, if it names none.
  CommandLine below(CommandLine parent, List<String> words) {
    var name = words.isEmpty() ? "" : words.getFirst();
    var named = makers.get(name);
    if (named == null) {
      makers.forEach((each, maker) -> parent.addSubcommand(each, maker.apply(List.of())));
    } else {
      parent.addSubcommand(name, named.apply(words.subList(1, words.size())));
    }
    return parent;
  }
}
