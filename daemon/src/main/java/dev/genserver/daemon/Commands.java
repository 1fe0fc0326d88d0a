package dev.genserver.daemon;

import dev.genserver.daemon.config.ConfigKey;
import dev.genserver.daemon.config.ConfigLoader;
import dev.genserver.daemon.config.DaemonConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// All command lines, by picocli: whatever [StartLine] leaves, help, the version, and what is wrong
/// with a command line that is none.
final class Commands {

  /// EX_USAGE.
  private static final int USAGE = 64;

  private static final String CONFIG = "config";
  private static final String CHECK = "check";

  private Commands() {}

  static CommandLine commandLine() {
    var run = command("run", "Runs the daemon until SIGTERM or SIGINT; the default command.");
    Manual.of(run);
    var config =
        command(
                CONFIG,
                "Prints each setting with its value and where that came from; secrets are masked.")
            .addSubcommand(CHECK, check());
    var root =
        command(
                "genserverd",
                "Runs Erlang/OTP's process model for programs that speak to a socket.")
            .addSubcommand("run", run)
            .addSubcommand(CONFIG, config)
            .addSubcommand(
                TokenCommand.NAME,
                TokenCommand.spec(
                    tokenCommand("create"), tokenCommand("list"), tokenCommand("revoke")))
            .addSubcommand(TlsCommand.NAME, TlsCommand.spec())
            .version("genserverd " + Version.current());
    root.usageMessage()
        .footer(
            "",
            "'genserverd run --help' is the manual: settings, signals, files, exit codes, examples.");
    return new CommandLine(root)
        .setExecutionStrategy(Commands::execute)
        .setParameterExceptionHandler((e, _) -> {
          var line = e.getCommandLine();
          line.getErr().println(e.getMessage() + "; see genserverd --help");
          return USAGE;
        });
  }

  private static CommandSpec command(String name, String description) {
    return command(name, description, ConfigKey.all());
  }

  private static CommandSpec check() {
    return command(
            CHECK,
            "Tells all that is wrong with a configuration, with line numbers, and starts nothing."
                + " Reads the files that it names, and loads the plugins to check what it says to"
                + " them. Exits with 0 if nothing is wrong, else with 78.")
        .addPositional(
            PositionalParamSpec.builder()
                .index("0")
                .arity("0..1")
                .paramLabel("FILE")
                .type(Path.class)
                .description("The configuration file; else that of --config or GENSERVERD_CONFIG.")
                .build());
  }

  private static CommandSpec tokenCommand(String name) {
    return command(name, "", List.of(ConfigKey.TOKENS_FILE));
  }

  private static CommandSpec command(String name, String description, List<ConfigKey<?>> settings) {
    var spec = CommandSpec.create().name(name).mixinStandardHelpOptions(true);
    spec.usageMessage().description(description).sortOptions(false);
    spec.addOption(
        OptionSpec.builder(StartLine.CONFIG)
            .paramLabel("FILE")
            .type(Path.class)
            .description("The configuration file (GENSERVERD_CONFIG).")
            .build());
    for (var key : settings) {
      spec.addOption(
          OptionSpec.builder(key.flag())
              .paramLabel("VALUE")
              .type(String.class)
              .parameterConsumer(Commands::takeValue)
              .description(
                  "%s (%s)%s"
                      .formatted(
                          key.description().replace("%", "%%"),
                          key.variable(),
                          key.defaultText().isEmpty()
                              ? ""
                              : " Default: " + key.defaultText() + "."))
              .build());
    }
    return spec;
  }

  private static int execute(ParseResult parsed) {
    var help = CommandLine.executeHelpRequest(parsed);
    if (help != null) {
      return help;
    }
    var command = deepest(parsed);
    if (parsed.hasSubcommand()
        && !command.commandSpec().subcommands().isEmpty()
        && !command.commandSpec().name().equals(CONFIG)) {
      command.commandSpec().commandLine().usage(System.err);
      return USAGE;
    }
    if (isBelow(command, TlsCommand.NAME)) {
      return TlsCommand.run(command);
    }
    return Main.exitCode(() -> execute(command, line(parsed)));
  }

  /// What the command line says of the settings.
  static StartLine line(ParseResult parsed) {
    return new StartLine(file(parsed, deepest(parsed)), flags(parsed));
  }

  private static int execute(ParseResult command, StartLine line) throws StartException {
    if (isBelow(command, TokenCommand.NAME)) {
      return token(command, line.load());
    }
    return switch (command.commandSpec().name()) {
      case CHECK -> check(line.read());
      case CONFIG -> print(line.load());
      default -> Main.run(line);
    };
  }

  private static ParseResult deepest(ParseResult parsed) {
    return parsed.hasSubcommand() ? deepest(parsed.subcommand()) : parsed;
  }

  private static boolean isBelow(ParseResult command, String name) {
    var spec = command.commandSpec();
    return spec.name().equals(name) || (spec.parent() != null && spec.parent().name().equals(name));
  }

  private static int token(ParseResult command, DaemonConfig config) {
    var file = config.tokens().file();
    if (file.isEmpty()) {
      System.err.println(
          "which file? name it with --tokens-file FILE, GENSERVERD_TOKENS_FILE, or 'tokens.file' in"
              + " the configuration");
      return USAGE;
    }
    return TokenCommand.run(command.commandSpec().name(), command, file.get());
  }

  private static Optional<Path> file(ParseResult root, ParseResult command) {
    Path positional =
        command.commandSpec().name().equals(CHECK) ? command.matchedPositionalValue(0, null) : null;
    return Optional.ofNullable(positional)
        .or(() -> Optional.ofNullable((Path) any(root, StartLine.CONFIG)));
  }

  private static Map<String, String> flags(ParseResult root) {
    var flags = new HashMap<String, String>();
    for (var key : ConfigKey.all()) {
      var value = any(root, key.flag());
      if (value instanceof String text) {
        flags.put(key.flag(), text);
      }
    }
    return flags;
  }

  /// A flag may stand after the command, or before it; the last one counts.
  private static @Nullable Object any(ParseResult parsed, String flag) {
    var inner = parsed.hasSubcommand() ? any(parsed.subcommand(), flag) : null;
    return inner == null ? value(parsed, flag) : inner;
  }

  private static @Nullable Object value(ParseResult parsed, String flag) {
    var option = parsed.commandSpec().findOption(flag);
    return option == null ? null : option.getValue();
  }

  /// Takes the next word as the flag's value, whatever it is. By itself picocli would take `token`
  /// in `--auth token` for the command of that name.
  private static void takeValue(Stack<String> words, ArgSpec flag, CommandSpec command) {
    if (words.isEmpty()) {
      throw new ParameterException(
          command.commandLine(), "Missing value for " + ((OptionSpec) flag).longestName());
    }
    flag.setValue(words.pop());
  }

  private static int print(DaemonConfig config) {
    for (var value : config.effective()) {
      System.out.printf("%-34s %-24s %s%n", value.key(), value.value(), value.origin());
    }
    return 0;
  }

  private static int check(ConfigLoader.Read read) {
    var result = ConfigCheck.check(read);
    if (!result.problems().isEmpty()) {
      return Main.complain(result.problems(), Main.BAD_CONFIG);
    }
    result.note().ifPresent(System.err::println);
    System.out.printf(
        "nothing is wrong: principals %d, plugins %d, processes %d%n",
        read.config().principals().size(), result.plugins(), read.config().processes().size());
    return 0;
  }
}
