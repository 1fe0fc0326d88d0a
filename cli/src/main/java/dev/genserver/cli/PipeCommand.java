package dev.genserver.cli;

import dev.genserver.protocol.ClientMessage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `genserver pipe`: requests as lines in, answers as lines out.
///
/// @param name whom all lines are for; null if each says that itself
/// @param cast whether lines are casts where they do not say what they are
/// @param confirm whether casts without an id of their own are confirmed all the same
/// @param ordered whether answers come in the order of the lines
/// @param inFlight how many requests may be under way; null for the default
/// @param timeout as [TimeLimit] has it; null for the default
record PipeCommand(
    @Nullable String name,
    boolean cast,
    boolean confirm,
    boolean ordered,
    @Nullable Integer inFlight,
    @Nullable String timeout,
    Options options)
    implements Command {

  private static final int DEFAULT_IN_FLIGHT = 256;

  @Override
  public void run(Shell shell) {
    var calls = timeout == null ? DEFAULT_LIMIT : TimeLimit.parse(timeout);
    long castMillis = timeout == null ? ClientMessage.INFINITY : calls.millis();
    var syntax = new PipeSyntax(name, cast, calls.millis());
    try (var link = Exchange.link(this, shell, DEFAULT_LIMIT)) {
      int width = width(link.limits().maxInFlight());
      new Pipe(link, syntax, new Pipe.Choices(width, confirm, ordered, castMillis), shell).run();
    }
  }

  private int width(int allowed) {
    if (inFlight == null) {
      return Math.min(DEFAULT_IN_FLIGHT, allowed);
    }
    if (inFlight < 1 || inFlight > allowed) {
      throw CliException.usage(
          "--in-flight %,d must be from 1 to %,d, which is what the daemon allows (connection.max-in-flight)"
              .formatted(inFlight, allowed));
    }
    return inFlight;
  }

  @Override
  public String toString() {
    return "pipe";
  }

  @CommandLine.Command(
      description = "Sends each line of standard input as a request, and prints the answers.",
      footer = {
        "",
        "Without NAME a line is a call or cast as on the wire, whose op and id may be left out:",
        "  {\"to\":\"counter\",\"msg\":{\"type\":\"add\",\"by\":3}}",
        "  {\"op\":\"cast\",\"to\":\"counter\",\"msg\":\"reset\"}",
        "With NAME it is a message for that process, as 'genserver call' takes it. An answer has"
            + " the id of its line, else the line's number. A cast without an id has an answer only"
            + " if it fails.",
        "",
        "What is overloaded is sent again, as long as its time limit allows, and may come after"
            + " later lines then; --in-flight 1 keeps the order. Exits with the code of the first"
            + " line that failed.",
        "",
        "Example:",
        "  seq 1000 | sed 's/.*/add by=&/' | genserver pipe counter --cast"
      })
  static final class Line extends Subcommand {

    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "NAME",
        description = "Whom all lines are for. " + RequestWords.NAME)
    private @Nullable String name;

    @Option(names = "--cast", description = "Lines are casts where they do not say what they are.")
    private boolean cast;

    @Option(
        names = CastCommand.NO_CONFIRM,
        description = {
          "Do not have casts confirmed: they arrive in order, as fast as the process takes them;"
              + " what is refused is dropped and not told of."
        })
    private boolean noConfirm;

    @Option(names = "--ordered", description = "Print answers in the order of the lines.")
    private boolean ordered;

    @Option(
        names = "--in-flight",
        paramLabel = "N",
        description = "How many requests may be under way at a time. Default: 256.")
    private @Nullable Integer inFlight;

    @Option(
        names = CallCommand.TIMEOUT,
        paramLabel = "TIME",
        description = {
          "How long a call may take that does not say so itself, 5s by default; and how long a cast"
              + " is sent again that is overloaded, by default until it is taken."
        })
    private @Nullable String timeout;

    Line(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new PipeCommand(name, cast, !noConfirm, ordered, inFlight, timeout, options());
    }
  }
}
