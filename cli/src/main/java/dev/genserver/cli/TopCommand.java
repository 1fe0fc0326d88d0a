package dev.genserver.cli;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.RawJson;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/// `genserver top`: who does how much, again and again.
///
/// Counts nothing itself: it looks twice at what the daemon has counted all along, and tells the
/// difference.
///
/// @param iterations how many tables; 0 for no end
/// @param interval between two looks, as [TimeLimit] has it
record TopCommand(TopSample.Order order, long iterations, String interval, Options options)
    implements Command {

  private static final RawJson INFO = SysCommand.request("info", null);

  /// A moment's counters.
  private record Look(long nanoTime, List<Fields> processes) {}

  @Override
  public void run(Shell shell) {
    long millis = TimeLimit.parse(interval).millis();
    if (millis < 50 || millis > 3_600_000) {
      throw CliException.usage("--interval '%s' must be from 50ms to 1h".formatted(interval));
    }
    boolean live = Screen.isTerminal() && !options.json() && iterations != 1;
    try {
      if (live) {
        try (var terminal = Terminal.open(shell)) {
          live(terminal, millis, shell);
        }
      } else {
        tables(millis, shell);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ErrorCode.CANCELLED.exitCode(), "interrupted", e);
    }
  }

  private void live(Terminal terminal, long millis, Shell shell) throws InterruptedException {
    var before = look(shell);
    for (long shown = 0; iterations == 0 || shown < iterations; shown++) {
      if (terminal.awaitsEnd(millis)) {
        return;
      }
      var after = look(shell);
      var screen = Screen.of(shell, options);
      sample(before, after, shell).show(screen, Math.max(1, terminal.rows() - 3));
      terminal.show(screen);
      before = after;
    }
  }

  private void tables(long millis, Shell shell) throws InterruptedException {
    var before = look(shell);
    for (long shown = 0; shown < Math.max(1, iterations); shown++) {
      TimeUnit.MILLISECONDS.sleep(millis);
      var after = look(shell);
      var sample = sample(before, after, shell);
      if (options.json()) {
        sample.json(shell);
      } else {
        Screen.show(shell, options, screen -> sample.show(screen, Integer.MAX_VALUE));
      }
      before = after;
    }
  }

  private Look look(Shell shell) {
    var processes = Listing.PROCESSES.all(this, shell);
    return new Look(System.nanoTime(), processes);
  }

  private TopSample sample(Look before, Look after, Shell shell) {
    var node = SysCommand.ask(this, SysCommand.NODE, INFO, DEFAULT_LIMIT, shell).toValue();
    double seconds = (after.nanoTime() - before.nanoTime()) / 1e9;
    return TopSample.of(Fields.of(node), before.processes(), after.processes(), seconds, order);
  }

  @Override
  public String toString() {
    return "top";
  }

  @CommandLine.Command(
      description = "Shows who does how much, anew each second; q or Ctrl-C ends it.",
      footer = {
        "",
        "Where no terminal is, and with --json, which makes each table a line, it ends after one,"
            + " or after as many as --iterations says.",
        "",
        "Example:",
        "  genserver top --once"
      })
  static final class Line extends Subcommand {

    @Option(
        names = "--sort",
        paramLabel = "BY",
        defaultValue = "messages",
        description = "One of messages, busy, queued, received, restarts. Default: messages.")
    private TopSample.Order order;

    @Option(names = "--once", description = "Print one table and end.")
    private boolean once;

    @Option(names = "--iterations", paramLabel = "N", description = "End after so many tables.")
    private long iterations;

    @Option(
        names = "--interval",
        paramLabel = "TIME",
        defaultValue = "1s",
        description = "Between two looks, which is what the rates are of. Default: 1s.")
    private String interval;

    Line(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new TopCommand(order, once ? 1 : iterations, interval, options());
    }
  }
}
