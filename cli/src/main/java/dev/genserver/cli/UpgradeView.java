package dev.genserver.cli;

import dev.genserver.protocol.RawJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// What people read of an upgrade of a plugin, and of the way back: a line, and some below it.
final class UpgradeView {

  private UpgradeView() {}

  /// Shows the answer to a request that changes a plugin's code.
  ///
  /// @param lines what people read of it
  static void show(
      RawJson reply, Function<Fields, List<String>> lines, Command.Options options, Shell shell) {
    var report = Fields.of(reply.toValue());
    if (options.json()) {
      shell.print(reply);
    } else {
      Screen.show(shell, options, screen -> lines.apply(report).forEach(screen::line));
    }
    warnUnlessKept(report, options, shell);
  }

  /// Of an upgrade, or of one that was only tried.
  static List<String> upgraded(Fields report) {
    if (report.has("canary")) {
      return canary(report);
    }
    return report.text("dry_run").equals("true")
        ? lines(report, "could be upgraded", "; nothing was changed", "would be ")
        : lines(report, "upgraded", "", "");
  }

  private static List<String> canary(Fields report) {
    var lines = new ArrayList<String>();
    lines.add(
        "%s %s is tried by %d%% of the children that start; %s runs on"
            .formatted(
                report.text("id"),
                report.text("to"),
                report.number("canary"),
                report.text("from")));
    report.texts("broken").forEach(problem -> lines.add("  broken: " + problem));
    return lines;
  }

  /// Of the way back.
  static List<String> rolledBack(Fields report) {
    return lines(report, "rolled back", "", "");
  }

  /// Warns if the daemon will not start with that version.
  private static void warnUnlessKept(Fields report, Command.Options options, Shell shell) {
    if (report.text("kept").equals("false")) {
      PluginCommands.warn(
          "the daemon does not start with %s %s the next time, since its jar could not be put into the plugin folder; the daemon's log says why"
              .formatted(report.text("id"), report.text("to")),
          options,
          shell);
    }
  }

  private static List<String> lines(Fields report, String done, String end, String would) {
    var lines = new ArrayList<String>();
    lines.add(
        "%s %s from %s to %s: %s%s"
            .formatted(
                report.text("id"),
                done,
                report.text("from"),
                report.text("to"),
                processes(report),
                end));
    add(lines, would + "started", report.texts("started"));
    add(lines, would + "ended", report.texts("ended"));
    report.texts("broken").forEach(problem -> lines.add("  broken: " + problem));
    var reverted = report.number("reverted");
    if (reverted > 0) {
      lines.add(
          "  back at the state from before the upgrade: " + PluginCommands.processes(reverted));
    }
    return lines;
  }

  private static String processes(Fields report) {
    var processes = report.number("processes");
    return processes == 0
        ? "no process ran"
        : PluginCommands.processes(processes) + ", paused for " + pause(report.number("pause_us"));
  }

  private static void add(List<String> lines, String what, List<String> children) {
    if (!children.isEmpty()) {
      lines.add("  " + what + ": " + String.join(", ", children));
    }
  }

  /// `1.3 ms`, rounded up: what was paused was so for some time.
  private static String pause(long micros) {
    return micros < 1_000_000
        ? String.format(Locale.ROOT, "%.1f ms", Math.ceilDiv(micros, 100) / 10.0)
        : Age.of(micros / 1_000);
  }
}
