package dev.genserver.cli;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.MalformedJsonException;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `genserver bench`: puts a load on a process and measures how it bears it.
record BenchCommand(BenchOptions bench, Options options) implements Command {

  private static final String PAYLOAD = "{payload}";

  @Override
  public void run(Shell shell) {
    var load = load(shell);
    tryOnce(load, shell);
    var links = new ArrayList<Link>();
    try {
      for (int i = 0; i < load.connections(); i++) {
        links.add(Exchange.link(this, shell, DEFAULT_LIMIT));
      }
      requireAllowed(load, links.getFirst().limits());
      show(new BenchView(load, new Bench(load).run(links, progress(load, shell))), shell);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ErrorCode.CANCELLED.exitCode(), "interrupted", e);
    } finally {
      links.forEach(Link::close);
    }
  }

  private BenchLoad load(Shell shell) {
    if (bench.noConfirm && !bench.cast) {
      throw CliException.usage("--no-confirm is for casts; give --cast too");
    }
    int connections = atLeastOne("--connections", bench.connections);
    int concurrency =
        bench.concurrency == null
            ? Math.max(16, connections)
            : atLeastOne("--concurrency", bench.concurrency);
    if (concurrency < connections) {
      throw CliException.usage(
          "--concurrency %,d must not be below --connections %,d; a connection has at least one request under way"
              .formatted(concurrency, connections));
    }
    if (bench.rate < 0 || bench.payload < 0) {
      throw CliException.usage("--rate and --payload must not be negative");
    }
    return new BenchLoad(
        bench.name,
        message(shell),
        bench.cast,
        !bench.noConfirm,
        connections,
        concurrency,
        bench.rate,
        bounded("--warmup", bench.warmup),
        bounded("--duration", bench.duration),
        bounded(CallCommand.TIMEOUT, bench.timeout));
  }

  private static int atLeastOne(String option, int number) {
    if (number < 1) {
      throw CliException.usage("%s %d must be 1 or more".formatted(option, number));
    }
    return number;
  }

  private static long bounded(String option, String time) {
    var limit = TimeLimit.parse(time);
    if (limit.isInfinite()) {
      throw CliException.usage(option + " must not be infinity");
    }
    return limit.millis();
  }

  private RawJson message(Shell shell) {
    var filling = "x".repeat(bench.payload);
    if (bench.message == null) {
      return new JsonWriter().string(filling).toRawJson();
    }
    var message = MessageSyntax.parse(bench.message, shell.in());
    try {
      return RawJson.of(message.toString().replace(PAYLOAD, filling));
    } catch (MalformedJsonException e) {
      throw CliException.usage(PAYLOAD + " must stand within a text of the message");
    }
  }

  /// The first request goes alone: what is refused for all is told as by `call` and `cast`.
  private void tryOnce(BenchLoad load, Shell shell) {
    var limit = new TimeLimit(load.timeoutMillis());
    try (var exchange = Exchange.open(this, shell, limit)) {
      var request = load.request(Exchange.ID);
      if (load.cast()) {
        exchange.ask(request, ServerMessage.Ok.class);
      } else {
        exchange.ask(request, ServerMessage.Reply.class);
      }
    }
  }

  private static void requireAllowed(BenchLoad load, ServerMessage.Limits limits) {
    if (load.slots() > limits.maxInFlight()) {
      throw CliException.usage(
          "--concurrency %,d is more than the daemon allows: %,d on each connection (connection.max-in-flight); give more --connections"
              .formatted(load.concurrency(), limits.maxInFlight()));
    }
  }

  private Bench.Watcher progress(BenchLoad load, Shell shell) {
    if (options.quiet() || !Screen.isTerminal()) {
      return (_, _) -> {};
    }
    var total = Age.of(load.warmupMillis() + load.millis());
    return (seconds, count) ->
        shell
            .err()
            .printf("\r\033[K%d s of %s: %,d %s a second\r", seconds, total, count, load.what());
  }

  private void show(BenchView view, Shell shell) {
    if (options.json()) {
      shell.print(view.json());
    } else {
      Screen.show(shell, options, view::show);
    }
  }

  @Override
  public String toString() {
    return "bench of '" + bench.name + "'";
  }

  /// What picocli fills in.
  static final class BenchOptions {

    @Parameters(index = "0", paramLabel = "NAME", description = RequestWords.NAME)
    private String name;

    @Parameters(
        index = "1..*",
        arity = "0..*",
        paramLabel = "MESSAGE",
        description = {
          "As for call; {payload} in it stands for the text of --payload, which is the message if"
              + " there is none."
        })
    private @Nullable List<String> message;

    @Option(names = "--cast", description = "Send casts, not calls.")
    private boolean cast;

    @Option(
        names = CastCommand.NO_CONFIRM,
        description = "Do not have casts confirmed; what counts is what the daemon has read.")
    private boolean noConfirm;

    @Option(
        names = "--connections",
        paramLabel = "N",
        defaultValue = "1",
        description = "Default: 1.")
    private int connections;

    @Option(
        names = "--concurrency",
        paramLabel = "N",
        description = "How many requests are under way, on all connections. Default: 16.")
    private @Nullable Integer concurrency;

    @Option(
        names = "--rate",
        paramLabel = "N",
        description = {
          "Send so many a second, and count the time of each from when it was to be sent; those"
              + " that are late at the end are sent for as long as --timeout after it. Default: the"
              + " next when one is answered."
        })
    private long rate;

    @Option(
        names = "--payload",
        paramLabel = "BYTES",
        description = "The length of the text that {payload} stands for. Default: 0.")
    private int payload;

    @Option(
        names = "--duration",
        paramLabel = "TIME",
        defaultValue = "10s",
        description = "How long to send what counts. Default: 10s.")
    private String duration;

    @Option(
        names = "--warmup",
        paramLabel = "TIME",
        defaultValue = "2s",
        description = "How long to send before that. Default: 2s.")
    private String warmup;

    @Option(
        names = CallCommand.TIMEOUT,
        paramLabel = "TIME",
        defaultValue = "5s",
        description = "The time limit of a call. Default: 5s.")
    private String timeout;
  }

  @CommandLine.Command(
      description = "Puts a load on a process; prints throughput, latencies and errors.",
      footer = {"", "Example:", "  genserver bench counter get --duration 2s"})
  static final class Line extends Subcommand {

    @CommandLine.Mixin private BenchOptions bench;

    Line(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new BenchCommand(bench, options());
    }
  }
}
