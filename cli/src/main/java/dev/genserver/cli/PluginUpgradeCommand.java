package dev.genserver.cli;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.RawJson;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `genserver plugin upgrade`: uploads a jar and has it take the place of the version that runs. If
/// that is on probation then, waits for what comes of it.
final class PluginUpgradeCommand implements Command {

  private static final String FORCE = "--force";
  private static final String PROBATION = "--probation";
  private static final String CRASHES = "--crashes";
  private static final String CANARY = "--canary";
  private static final String SETTLE = "--settle";
  private static final Pattern PERCENT = Pattern.compile("(100|[1-9][0-9]?)%?");

  private final String jar;
  private final Choices choices;
  private final @Nullable String timeout;
  private final Options options;
  private String step;

  /// How it is to be done.
  ///
  /// @param force whether to go on though the new version takes fewer messages
  /// @param dryRun whether only to try it
  /// @param probation for how long the new version is watched, as [TimeLimit] has it; null for not
  ///   at all
  /// @param crashes how many crashes it is forgiven meanwhile; null for what the daemon forgives
  /// @param canary which part of the dynamic children is to try it, `10%`; null for all processes
  /// @param settle for how long only children that start try it, as [TimeLimit] has it; null for
  ///   the daemon's default
  /// @param rest how long the processes may take to come to rest; null for the daemon's default
  record Choices(
      boolean force,
      boolean dryRun,
      @Nullable String probation,
      @Nullable Integer crashes,
      @Nullable String canary,
      @Nullable String settle,
      @Nullable String rest) {

    /// @throws CliException if they make no sense
    RawJson request(long upload) {
      var request = SysCommand.begin("upgrade", null).field("upload").number(upload);
      if (force) {
        request.field("force").bool(true);
      }
      if (dryRun) {
        request.field("dry_run").bool(true);
      }
      if (probation != null) {
        request.field("probation").number(millis(PROBATION, probation));
      }
      if (canary != null) {
        request.field("canary").number(percent(canary));
      }
      if (settle != null) {
        request.field("settle").number(settling(settle));
      }
      if (rest != null) {
        request.field("rest").number(millis("--rest", rest));
      }
      if (crashes != null) {
        request.field("crashes").number(checked(crashes));
      }
      return request.endObject().toRawJson();
    }

    private static long millis(String option, String text) {
      var time = TimeLimit.parse(text);
      if (time.isInfinite()) {
        throw CliException.usage(option + " must not be infinity; give a time, such as 30s");
      }
      return time.millis();
    }

    private static int percent(String canary) {
      var percent = PERCENT.matcher(canary);
      if (!percent.matches()) {
        throw CliException.usage(
            "%s '%s' must be 1%% to 100%%, such as 10%%".formatted(CANARY, canary));
      }
      return Integer.parseInt(percent.group(1));
    }

    private long settling(String settle) {
      if (canary == null) {
        throw CliException.usage(SETTLE + " is for a canary; give " + CANARY + " too");
      }
      return millis(SETTLE, settle);
    }

    private int checked(int crashes) {
      if (probation == null && canary == null) {
        throw CliException.usage(
            "%s is for a probation or a canary; give %s or %s too"
                .formatted(CRASHES, PROBATION, CANARY));
      }
      if (crashes < 0) {
        throw CliException.usage("%s %d must be 0 or more".formatted(CRASHES, crashes));
      }
      return crashes;
    }
  }

  /// @param timeout how long all of it may take but the probation, as [TimeLimit] has it; null for
  ///   the default
  PluginUpgradeCommand(String jar, Choices choices, @Nullable String timeout, Options options) {
    this.jar = jar;
    this.choices = choices;
    this.timeout = timeout;
    this.options = options;
    this.step = of("upload");
  }

  @Override
  public Options options() {
    return options;
  }

  @Override
  public void run(Shell shell) {
    var limit = PluginCommands.limit(timeout);
    var _ = choices.request(0); // says what is wrong with them before anything is sent
    var upgraded = upgrade(limit, shell);
    if (upgraded.has("probation_ms")) {
      awaitProbation(upgraded, limit, shell);
    }
  }

  private Fields upgrade(TimeLimit limit, Shell shell) {
    var upload = PluginUpload.of(jar);
    RawJson reply;
    try (var exchange = Exchange.open(this, shell, limit)) {
      var number = upload.send(exchange, options, shell);
      step = of("upgrade");
      reply = exchange.call(SysCommand.PLUGINS, choices.request(number));
    }
    UpgradeView.show(reply, UpgradeView::upgraded, options, shell);
    return Fields.of(reply.toValue());
  }

  private void awaitProbation(Fields upgraded, TimeLimit limit, Shell shell) {
    step = "wait for the probation of plugin '" + upgraded.text("id") + "'";
    var reply = outcome(upgraded, limit, shell);
    var outcome = Fields.of(reply.toValue());
    step = of("upgrade");
    if (options.json()) {
      shell.print(reply);
    }
    if (!outcome.text("outcome").equals("passed")) {
      throw new CliException(CliException.NOT_PASSED, failure(upgraded, outcome));
    }
    if (!options.json()) {
      var time = Age.of(upgraded.number("probation_ms"));
      Screen.show(
          shell,
          options,
          screen -> screen.line(version(upgraded) + " passed its probation of " + time));
    }
  }

  /// Waits as long as it takes, a note before the eyes of who sits there.
  private RawJson outcome(Fields upgraded, TimeLimit limit, Shell shell) {
    var request =
        SysCommand.begin("await_probation", null).field("plugin").string(upgraded.text("id"));
    var millis = upgraded.number("probation_ms");
    // All may have to go back yet when the time is up, within the same limit as the way there.
    var deadline =
        new Deadline(limit.isInfinite() ? limit : new TimeLimit(millis + limit.millis()));
    var noted = !options.quiet() && Screen.isTerminal();
    if (noted) {
      shell
          .err()
          .printf(
              "\r\033[K%s is on probation for %s, and after Ctrl-C too\r",
              version(upgraded), Age.of(millis));
    }
    try {
      return outcome(request.endObject().toRawJson(), deadline, shell);
    } finally {
      if (noted) {
        shell.err().print("\033[K");
      }
    }
  }

  private RawJson outcome(RawJson request, Deadline deadline, Shell shell) {
    while (true) {
      var left = new TimeLimit(deadline.remainingMillis());
      try {
        return SysCommand.ask(this, SysCommand.PLUGINS, request, left, shell);
      } catch (CliException e) {
        // The daemon lets no call wait for as long as a probation may take.
        if (e.exitCode() != ErrorCode.TIMEOUT.exitCode() || deadline.remainingMillis() == 0) {
          throw e;
        }
      }
    }
  }

  private String failure(Fields upgraded, Fields outcome) {
    var what =
        switch (outcome.text("outcome")) {
          case "rolled_back" -> " did not pass its probation: " + outcome.text("reason");
          case "stuck" ->
              " did not pass its probation: %s; it cannot be rolled back, so upgrade it to a version that works: %s"
                  .formatted(outcome.text("reason"), outcome.text("problem"));
          case "superseded" ->
              " was upgraded, rolled back or removed before its probation was over";
          case String other -> " did not pass its probation: " + other;
        };
    var lines =
        new ArrayList<>(List.of("%s failed: %s%s".formatted(this, version(upgraded), what)));
    if (outcome.has("to")) {
      UpgradeView.rolledBack(outcome).forEach(line -> lines.add("  " + line));
    }
    return String.join("\n", lines);
  }

  /// `shop 2.0.0`.
  private static String version(Fields upgraded) {
    return upgraded.text("id") + " " + upgraded.text("to");
  }

  private String of(String what) {
    return what + " of '" + jar + "'";
  }

  @Override
  public String toString() {
    return step;
  }

  @CommandLine.Command(
      description =
          "Uploads a plugin's next version and has its running processes go on in it, with their"
              + " states.",
      footer = {
        "",
        "Where a state or a message of the old version would be lost, nothing is changed, and each"
            + " problem is told.",
        "",
        "With --probation it prints what was upgraded at once, and waits. Ctrl-C ends the waiting,"
            + " not the probation; 'genserver plugin' shows what is left of that. Exits 70 if the new"
            + " version does not pass: it is rolled back, or cannot be, or somebody else has"
            + " changed the plugin meanwhile.",
        "",
        "Example:",
        "  genserver plugin upgrade shop-2.0.0.jar"
      })
  static final class Line extends Subcommand {

    @Parameters(index = "0", paramLabel = "JAR", description = "The jar of the next version.")
    private String jar;

    @Option(
        names = FORCE,
        description = "Go on though the next version takes fewer messages than the old one.")
    private boolean force;

    @Option(
        names = "--dry-run",
        description = "Only try it, on copies of the states; nothing is changed.")
    private boolean dryRun;

    @Option(
        names = PROBATION,
        paramLabel = "TIME",
        description = {
          "Watch the next version for that long, such as 30s, 10m, 1h, and go back if too many of"
              + " its processes crash. They have the states from before the upgrade then where"
              + " their own cannot be carried back."
        })
    private @Nullable String probation;

    @Option(
        names = CRASHES,
        paramLabel = "N",
        description = "How many crashes are forgiven meanwhile. Default: 2.")
    private @Nullable Integer crashes;

    @Option(
        names = CANARY,
        paramLabel = "N%",
        description = {
          "Have that part of the children of dynamic supervisors try the next version, beside the old"
              + " one, until 'plugin promote' or 'plugin rollback'."
        })
    private @Nullable String canary;

    @Option(
        names = SETTLE,
        paramLabel = "TIME",
        description = "For how long only children that start try it. Default: 10s.")
    private @Nullable String settle;

    @Option(
        names = "--rest",
        paramLabel = "TIME",
        description = "How long processes may take to finish what they are at. Default: 5s.")
    private @Nullable String rest;

    @Option(
        names = CallCommand.TIMEOUT,
        paramLabel = "TIME",
        description = PluginCommands.TIMEOUT + "uploading and all but the probation.")
    private @Nullable String timeout;

    Line(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      var choices = new Choices(force, dryRun, probation, crashes, canary, settle, rest);
      return new PluginUpgradeCommand(jar, choices, timeout, options());
    }
  }
}
