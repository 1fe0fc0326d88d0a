package dev.genserver.cli;

import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.RawJson;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `genserver context`: names for daemons, with all that it takes to reach them.
final class ContextCommands {

  private static final String NAME = "The context's name: letters, digits, '-', '_' and '.'.";

  private ContextCommands() {}

  static CommandLine commandLine(Shell shell, List<String> words) {
    return new Subcommands()
        .add("add", () -> new Add(shell))
        .add("use", () -> new Use(shell))
        .add("list", () -> new ListAll(shell))
        .add("show", () -> new Show(shell))
        .add("remove", () -> new Remove(shell))
        .below(new CommandLine(new Context(shell)), words);
  }

  /// A command that no daemon hears of.
  private record Local(String title, Action action, Options options) implements Command {

    interface Action {
      void run(Contexts contexts, ContextFile file, Shell shell);
    }

    @Override
    public void run(Shell shell) {
      var file = ContextFile.of(shell);
      action.run(file.read(), file, shell);
    }

    @Override
    public String toString() {
      return title;
    }
  }

  @CommandLine.Command(
      description = "Keeps the addresses and credentials of daemons under names.",
      footer = {
        "",
        "Example:",
        "  genserver context",
        "",
        "--context and GENSERVER_CONTEXT choose one for a command; else it is the one in use,"
            + " where neither --url nor GENSERVER_URL says where the daemon is."
      })
  private static class Context extends Subcommand {

    Context(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new Local("context list", this::list, options());
    }

    private void list(Contexts contexts, ContextFile file, Shell shell) {
      if (options().json()) {
        var out = new JsonWriter().beginArray();
        contexts.byName().forEach((name, context) -> write(name, context, contexts.current(), out));
        shell.print(out.endArray().toRawJson());
        return;
      }
      var table = new Table().text("NAME").text("IN USE").text("URL");
      contexts
          .byName()
          .forEach((name, context) ->
              table.row(
                  name,
                  name.equals(contexts.current()) ? "yes" : "no",
                  context.getOrDefault("url", "-")));
      Screen.show(shell, options(), table::show);
    }
  }

  @CommandLine.Command(
      description = "Lists the contexts.",
      footer = {"", "Example:", "  genserver context list"})
  private static final class ListAll extends Context {

    ListAll(Shell shell) {
      super(shell);
    }
  }

  @CommandLine.Command(
      description = "Keeps what the options say, under a name.",
      footer = {
        "",
        "Example:",
        "  genserver context add prod --url tls://alpha.example --token-file shop.token"
      })
  private static final class Add extends Subcommand {

    @Parameters(index = "0", paramLabel = "NAME", description = NAME)
    private String name;

    @Option(
        names = "--token-stdin",
        description = "Read the token from standard input and keep it too, for you alone.")
    private boolean tokenStdin;

    Add(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new Local("context add '" + name + "'", this::add, options());
    }

    private void add(Contexts contexts, ContextFile file, Shell shell) {
      var given = options().credentials();
      if (!isName(name)) {
        throw CliException.usage(
            "'" + name + "' cannot name a context; take letters, digits, '-', '_' and '.'");
      }
      if (contexts.byName().containsKey(name)) {
        throw CliException.usage(
            "there is a context '%1$s' already; 'genserver context remove %1$s' removes it"
                .formatted(name));
      }
      if (options().url() == null) {
        throw CliException.usage("a context takes --url, which says where the daemon is");
      }
      if (tokenStdin && given.tokenFile() != null) {
        throw CliException.usage("give --token-file or --token-stdin, not both");
      }
      var context = new LinkedHashMap<String, String>();
      put("url", Address.parse(options().url(), Command.Options.URL).toString(), context);
      put("token-file", absolute(given.tokenFile()), context);
      put("ca", absolute(given.ca()), context);
      put("cert", absolute(given.certificate()), context);
      put("key", absolute(given.key()), context);
      put("server-name", given.serverName(), context);
      if (tokenStdin) {
        var token = ContextFile.readToken(shell);
        put("token-file", file.writeToken(name, token).toString(), context);
      }
      file.write(contexts.with(name, context));
    }

    private static void put(String key, @Nullable String value, Map<String, String> context) {
      if (value != null && value.chars().anyMatch(Character::isISOControl)) {
        throw CliException.usage("--" + key + " has a control character, which no context keeps");
      }
      if (value != null) {
        context.put(key, value);
      }
    }

    private static @Nullable String absolute(@Nullable String file) {
      return file == null ? null : Path.of(file).toAbsolutePath().normalize().toString();
    }

    private static boolean isName(String name) {
      return name.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
    }
  }

  @CommandLine.Command(
      description = "Uses a context wherever nothing else says where the daemon is.",
      footer = {"", "Example:", "  genserver context use prod"})
  private static final class Use extends Subcommand {

    @Parameters(index = "0", paramLabel = "NAME", description = NAME)
    private String name;

    Use(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new Local(
          "context use '" + name + "'",
          (contexts, file, _) -> file.write(contexts.using(name)),
          options());
    }
  }

  @CommandLine.Command(
      description =
          "Shows what a context says; the one in use if none is named. No token is shown.",
      footer = {"", "Example:", "  genserver context show prod"})
  private static final class Show extends Subcommand {

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = NAME)
    private @Nullable String name;

    Show(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new Local("context show", this::show, options());
    }

    private void show(Contexts contexts, ContextFile file, Shell shell) {
      var shown = name == null ? contexts.current() : name;
      if (shown == null) {
        throw new CliException(
            CliException.NO_INPUT,
            "no context is in use; 'genserver context use NAME' takes one into use");
      }
      var context = contexts.named(shown);
      if (options().json()) {
        shell.print(json(shown, context, contexts.current()));
        return;
      }
      Screen.show(
          shell,
          options(),
          screen -> {
            screen.heading(shown + (shown.equals(contexts.current()) ? ", in use" : ""));
            context.forEach((key, value) -> screen.line(key + ": " + value));
          });
    }
  }

  @CommandLine.Command(
      description = "Forgets a context, and the token that was given in with it.",
      footer = {"", "Example:", "  genserver context remove prod"})
  private static final class Remove extends Subcommand {

    @Parameters(index = "0", paramLabel = "NAME", description = NAME)
    private String name;

    Remove(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new Local("context remove '" + name + "'", this::remove, options());
    }

    private void remove(Contexts contexts, ContextFile file, Shell shell) {
      contexts.named(name);
      file.write(contexts.without(name));
      file.removeToken(name);
    }
  }

  private static RawJson json(String name, Map<String, String> context, @Nullable String current) {
    var out = new JsonWriter();
    write(name, context, current, out);
    return out.toRawJson();
  }

  private static void write(
      String name, Map<String, String> context, @Nullable String current, JsonWriter out) {
    out.beginObject().field("name").string(name).field("in_use").bool(name.equals(current));
    context.forEach((key, value) -> out.field(key.replace('-', '_')).string(value));
    out.endObject();
  }
}
