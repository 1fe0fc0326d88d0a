package dev.genserver.cli;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.RawJson;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/// `genserver events`: the last events of the daemon's log.
///
/// @param follow whether to go on with what comes
/// @param last how many of those that are kept; 0 for all
record EventsCommand(boolean follow, int last, Options options) implements Command {

  private static final long INTERVAL_MILLIS = 1_000;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  @Override
  public void run(Shell shell) {
    var kept = new ArrayList<Fields>();
    var next = readAll(0, shell, kept);
    var skipped = last > 0 ? Math.max(0, kept.size() - last) : 0;
    print(kept.subList(skipped, kept.size()), shell);
    while (follow) {
      pause();
      var fresh = new ArrayList<Fields>();
      next = readAll(next, shell, fresh);
      print(fresh, shell);
    }
  }

  /// Asks until nothing more comes, as a reply has a bound.
  ///
  /// @return where to go on
  private long readAll(long after, Shell shell, List<Fields> events) {
    var next = after;
    while (true) {
      var reply =
          Fields.of(
              SysCommand.ask(this, SysCommand.NODE, request(next), DEFAULT_LIMIT, shell).toValue());
      if (reply.has("lost") && next > 0 && !options.json() && !options.quiet()) {
        shell.print("… " + reply.number("lost") + " events came too fast to be shown\n");
      }
      var some = reply.objects("events");
      if (some.isEmpty()) {
        return next;
      }
      events.addAll(some);
      next = reply.number("next");
    }
  }

  private static RawJson request(long after) {
    return SysCommand.begin("events", null).field("after").number(after).endObject().toRawJson();
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(INTERVAL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ErrorCode.CANCELLED.exitCode(), "interrupted", e);
    }
  }

  private void print(List<Fields> events, Shell shell) {
    if (options.json()) {
      events.forEach(event -> shell.print(new JsonWriter().value(event.values()).toRawJson()));
    } else {
      Screen.show(shell, options, screen -> events.forEach(event -> line(event, screen)));
    }
  }

  private static void line(Fields event, Screen screen) {
    var level = event.text("level");
    var paint =
        switch (level) {
          case "error" -> Screen.Paint.BAD;
          case "warn" -> Screen.Paint.WAITING;
          default -> Screen.Paint.GOOD;
        };
    screen.line(
        "%s  %s  %s  %s"
            .formatted(
                TIME.format(Instant.ofEpochMilli(event.number("at_ms"))),
                screen.paint(paint, "%-5s".formatted(level.toUpperCase(Locale.ROOT))),
                ProcessViews.simpleName(event.text("logger")),
                event.text("text")));
  }

  @Override
  public String toString() {
    return "events";
  }

  @CommandLine.Command(
      description = "Prints the last events of the daemon's log, of level info and above.",
      footer = {"", "Example:", "  genserver events --last 20"})
  static final class Line extends Subcommand {

    @Option(
        names = {"-f", "--follow"},
        description = "Go on with what comes, until Ctrl-C.")
    private boolean follow;

    @Option(names = "--last", paramLabel = "N", description = "No more than the last N.")
    private int last;

    Line(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new EventsCommand(follow, last, options());
    }
  }
}
