package dev.genserver.cli;

import dev.genserver.protocol.RawJson;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `genserver plugin deploy` and `genserver plugin verify`: uploads a jar, then has something done
/// with it.
final class PluginJarCommand implements Command {

  /// What is to be done with the jar.
  enum Aim {
    DEPLOY("deploy"),
    VERIFY("verify");

    private final String word;

    Aim(String word) {
      this.word = word;
    }
  }

  private final Aim aim;
  private final String jar;
  private final @Nullable String timeout;
  private final Options options;
  private String step = "upload";

  /// @param timeout how long all of it may take, as [TimeLimit] has it; null for the default
  PluginJarCommand(Aim aim, String jar, @Nullable String timeout, Options options) {
    this.aim = aim;
    this.jar = jar;
    this.timeout = timeout;
    this.options = options;
  }

  @Override
  public Options options() {
    return options;
  }

  @Override
  public void run(Shell shell) {
    var limit = PluginCommands.limit(timeout);
    var upload = PluginUpload.of(jar);
    RawJson reply;
    try (var exchange = Exchange.open(this, shell, limit)) {
      var number = upload.send(exchange, options, shell);
      step = aim.word;
      var request = SysCommand.begin(step, null).field("upload").number(number).endObject();
      reply = exchange.call(SysCommand.PLUGINS, request.toRawJson());
    }
    var about = Fields.of(reply.toValue());
    if (options.json()) {
      shell.print(reply);
    } else {
      Screen.show(shell, options, screen -> screen.line(result(about)));
    }
    if (aim == Aim.DEPLOY && about.text("kept").equals("false")) {
      PluginCommands.warn(
          PluginCommands.name(about)
              + " is gone when the daemon starts again, since its jar could not be put into the"
              + " plugin folder; the daemon's log says why",
          options,
          shell);
    }
  }

  private String result(Fields about) {
    return PluginCommands.name(about)
        + switch (aim) {
          case VERIFY -> " can be deployed";
          case DEPLOY ->
              " deployed, " + PluginCommands.processes(about.number("processes")) + " started";
        };
  }

  @Override
  public String toString() {
    return step + " of '" + jar + "'";
  }

  /// What both take.
  abstract static class Line extends Subcommand {

    @Parameters(index = "0", paramLabel = "JAR", description = "The plugin's jar.")
    private String jar;

    @Option(
        names = CallCommand.TIMEOUT,
        paramLabel = "TIME",
        description = PluginCommands.TIMEOUT + "uploading and all.")
    private @Nullable String timeout;

    private final Aim aim;

    Line(Shell shell, Aim aim) {
      super(shell);
      this.aim = aim;
    }

    @Override
    final Command command() {
      return new PluginJarCommand(aim, jar, timeout, options());
    }
  }

  @CommandLine.Command(
      description =
          "Uploads a plugin, loads it and starts its processes, now and whenever the daemon starts.",
      footer = {"", "Example:", "  genserver plugin deploy shop-1.0.0.jar"})
  static final class Deploy extends Line {

    Deploy(Shell shell) {
      super(shell, Aim.DEPLOY);
    }
  }

  @CommandLine.Command(
      description = "Uploads a plugin and tells all that is wrong with it; nothing is started.",
      footer = {"", "Example:", "  genserver plugin verify shop-1.0.0.jar"})
  static final class Verify extends Line {

    Verify(Shell shell) {
      super(shell, Aim.VERIFY);
    }
  }
}
