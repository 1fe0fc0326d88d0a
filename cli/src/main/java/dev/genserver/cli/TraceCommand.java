package dev.genserver.cli;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.RawJson;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `genserver trace`: prints what a process does as it does it.
///
/// Asks again and again for the events since the last; a request is answered when there is one.
///
/// @param length how long to go on, as [TimeLimit] has it; null for ever
/// @param count after how many events to end; 0 for no limit
record TraceCommand(String process, @Nullable String length, long count, Options options)
    implements Command {

  /// How long one request waits for an event.
  private static final long POLL_MILLIS = 10_000;

  @Override
  public void run(Shell shell) {
    var limit = length == null ? new TimeLimit(ClientMessage.INFINITY) : TimeLimit.parse(length);
    long begin = System.nanoTime();
    long left = limit.isInfinite() ? POLL_MILLIS : limit.millis();
    long printed = 0;
    Object after = null;
    while (left > 0 && (count == 0 || printed < count)) {
      long wait = Math.min(left, POLL_MILLIS);
      var poll = new TimeLimit(wait + DEFAULT_LIMIT.millis());
      var reply =
          Fields.of(
              SysCommand.ask(this, SysCommand.PROCESSES, request(after, wait), poll, shell)
                  .toValue());
      if (reply.has("lost") && !options.json() && !options.quiet()) {
        shell.print("… " + reply.number("lost") + " events came too fast to be shown\n");
      }
      for (var event : reply.objects("events")) {
        if (count == 0 || printed < count) {
          print(event, shell);
          printed++;
        }
      }
      after = reply.values().get("next");
      if (!limit.isInfinite()) {
        left = limit.millis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
      }
    }
  }

  private RawJson request(@Nullable Object after, long wait) {
    var request = SysCommand.begin("trace", process).field("wait_ms").number(wait);
    return (after == null ? request : request.field("after").value(after)).endObject().toRawJson();
  }

  private void print(Fields event, Shell shell) {
    if (options.json()) {
      shell.print(new JsonWriter().value(event.values()).toRawJson());
      return;
    }
    Screen.show(
        shell,
        options,
        screen ->
            screen.line(
                screen.paint(Screen.Paint.HEADING, "+" + Age.of(event.number("at_ms")))
                    + "  "
                    + event.text("text")
                    + (event.has("trace_id") ? "  trace " + event.text("trace_id") : "")));
  }

  @Override
  public String toString() {
    return "trace of '" + process + "'";
  }

  @CommandLine.Command(
      description = "Prints what a process does as it does it, until Ctrl-C.",
      footer = {"", "Example:", "  genserver trace counter --for 2s"})
  static final class Line extends Subcommand {

    @Parameters(index = "0", paramLabel = "NAME", description = RequestWords.NAME)
    private String process;

    @Option(names = "--for", paramLabel = "TIME", description = "End after so long, such as 10s.")
    private @Nullable String length;

    @Option(names = "--count", paramLabel = "N", description = "End after so many events.")
    private long count;

    Line(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new TraceCommand(process, length, count, options());
    }
  }
}
