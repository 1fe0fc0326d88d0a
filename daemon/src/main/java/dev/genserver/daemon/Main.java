package dev.genserver.daemon;

import dev.genserver.daemon.config.ConfigException;
import dev.genserver.daemon.config.ConfigKey;
import dev.genserver.daemon.config.ConfigLoader;
import dev.genserver.daemon.config.DaemonConfig;
import dev.genserver.daemon.config.HostPort;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Stack;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// `genserverd`: runs the daemon, prints its configuration, makes tokens and certificates.
public final class Main {

  /// EX_USAGE.
  private static final int USAGE = 64;

  /// The configuration cannot be used; EX_CONFIG.
  private static final int BAD_CONFIG = 78;

  /// The daemon does not start; EX_UNAVAILABLE.
  private static final int NOT_STARTED = 69;

  private static final String CONFIG_FLAG = "--config";

  private Main() {}

  /// Runs one command; `run` where none is said.
  public static void main(String[] args) {
    var code = commandLine().execute(args);
    if (code != 0) {
      System.exit(code);
    }
  }

  static CommandLine commandLine() {
    var run = command("run", "Runs the daemon until SIGTERM or SIGINT; the default command.");
    var config = command("config", "Prints each setting with its value and where that came from.");
    var root =
        command(
                "genserverd",
                "Runs Erlang/OTP's process model for programs that speak to a socket.")
            .addSubcommand("run", run)
            .addSubcommand("config", config)
            .addSubcommand(
                TokenCommand.NAME,
                TokenCommand.spec(
                    tokenCommand("create"), tokenCommand("list"), tokenCommand("revoke")))
            .addSubcommand(TlsCommand.NAME, TlsCommand.spec())
            .version("genserverd " + Version.current());
    root.usageMessage()
        .footer(
            "",
            "Each setting can be given as a flag, as the environment variable GENSERVERD_… or in the"
                + " configuration file; flags win over the environment, that over the file.",
            "SIGTERM ends the daemon in order and exits 0; a second one ends it at once. SIGHUP has it"
                + " read principals, tokens and certificates again.",
            "Exit codes: 0 ended in order, 64 usage, 65 no such token, 69 cannot start, 70 ended by a defect"
                + " or a plugin, 73 cannot write, 78 bad configuration.");
    return new CommandLine(root)
        .setExecutionStrategy(Main::execute)
        .setParameterExceptionHandler((e, _) -> {
          var line = e.getCommandLine();
          line.getErr().println(e.getMessage() + "; see genserverd --help");
          return USAGE;
        });
  }

  private static CommandSpec command(String name, String description) {
    return command(name, description, ConfigKey.all());
  }

  private static CommandSpec tokenCommand(String name) {
    return command(name, "", List.of(ConfigKey.TOKENS_FILE));
  }

  private static CommandSpec command(String name, String description, List<ConfigKey<?>> settings) {
    var spec = CommandSpec.create().name(name).mixinStandardHelpOptions(true);
    spec.usageMessage().description(description).sortOptions(false);
    spec.addOption(
        OptionSpec.builder(CONFIG_FLAG)
            .paramLabel("FILE")
            .type(Path.class)
            .description("The configuration file (GENSERVERD_CONFIG).")
            .build());
    for (var key : settings) {
      spec.addOption(
          OptionSpec.builder(key.flag())
              .paramLabel("VALUE")
              .type(String.class)
              .parameterConsumer(Main::takeValue)
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
    if (parsed.hasSubcommand() && !command.commandSpec().subcommands().isEmpty()) {
      command.commandSpec().commandLine().usage(System.err);
      return USAGE;
    }
    if (isBelow(command, TlsCommand.NAME)) {
      return TlsCommand.run(command);
    }
    try {
      var config = load(parsed, command);
      if (isBelow(command, TokenCommand.NAME)) {
        return token(command, config);
      }
      return command.commandSpec().name().equals("config")
          ? print(config)
          : run(() -> load(parsed, command));
    } catch (ConfigException e) {
      return complain(e.problems(), BAD_CONFIG);
    } catch (StartException e) {
      return complain(e.problems(), NOT_STARTED);
    }
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

  private static DaemonConfig load(ParseResult root, ParseResult command) {
    var flags = new LinkedHashMap<String, String>();
    for (var key : ConfigKey.all()) {
      var value = either(root, command, key.flag());
      if (value instanceof String text) {
        flags.put(key.flag(), text);
      }
    }
    var file = Optional.ofNullable((Path) either(root, command, CONFIG_FLAG));
    return ConfigLoader.load(file, environment(), flags);
  }

  /// A flag may stand before the command or after it.
  private static @Nullable Object either(ParseResult root, ParseResult command, String flag) {
    var after = value(command, flag);
    return after == null ? value(root, flag) : after;
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

  private static Map<String, String> environment() {
    return System.getenv();
  }

  private static int run(Supplier<DaemonConfig> source) throws StartException {
    // Else a client could have the daemon make new keys again and again.
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    var streams = StandardStreams.replace();
    var config = source.get();
    var daemon = Daemon.start(source);
    Signals.endOn(daemon, streams);
    // The host as it was configured: the socket may know it by another name.
    var address = new HostPort(config.listen().host(), daemon.address().getPort());
    System.out.printf("genserverd %s ready on %s%n", Version.current(), address);
    return 0;
  }

  private static int print(DaemonConfig config) {
    for (var value : config.effective()) {
      System.out.printf("%-34s %-24s %s%n", value.key(), value.value(), value.origin());
    }
    return 0;
  }

  private static int complain(List<String> problems, int code) {
    problems.forEach(System.err::println);
    return code;
  }
}
