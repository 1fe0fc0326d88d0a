package dev.genserver.testkit;

import dev.genserver.runtime.Node;
import dev.genserver.runtime.ProcessInfo;
import dev.genserver.runtime.Why;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the processes of a node do now, for the message of a test that waits in vain.
final class Picture {

  private static final int MOST_PROCESSES = 30;
  private static final int MOST_FRAMES = 5;

  private Picture() {}

  static String of(Node node, ManualTime time) {
    var processes =
        node.inspect().stream()
            .filter(process -> !isTheTestsOwn(process))
            .sorted(Comparator.comparingLong(process -> process.pid().serial()))
            .toList();
    var lines =
        processes.stream()
            .limit(MOST_PROCESSES)
            .map(process -> node.why(process.pid()).map(Picture::line).orElse(""))
            .collect(Collectors.joining());
    var more = processes.size() - MOST_PROCESSES;
    return "\nprocesses now: %d%s%s\nnext timer: %s"
        .formatted(
            processes.size(),
            lines,
            more > 0 ? "\n  and " + more + " more" : "",
            time.untilNext().map(delay -> "in " + text(delay)).orElse("none"));
  }

  /// Whether its code is a lambda of this package.
  private static boolean isTheTestsOwn(ProcessInfo process) {
    return Stream.of(TestNode.class, Probe.class, Order.class)
        .anyMatch(owner -> process.code().startsWith(owner.getName() + "$$"));
  }

  private static String line(Why why) {
    var process = why.process();
    var line = new StringBuilder("\n  ").append(called(process)).append(' ');
    line.append(process.status().name().toLowerCase(Locale.ROOT));
    if (process.queued() > 0) {
      line.append(", ").append(process.queued()).append(" in its mailbox");
    }
    why.waiting().stream()
        .findFirst()
        .ifPresent(first -> line.append(", first ").append(first.message()));
    why.waitsFor().stream()
        .findFirst()
        .ifPresent(wait ->
            line.append(", waits for ").append(wait.process()).append(": ").append(wait.what()));
    why.doing().ifPresent(doing -> line.append(doing(doing)));
    why.lastCrash()
        .ifPresent(crash -> line.append("\n    crashed before: ").append(crash.reason()));
    return line.toString();
  }

  private static String called(ProcessInfo process) {
    var code = process.code().substring(process.code().lastIndexOf('.') + 1);
    return process.name().map(name -> name + " ").orElse("") + process.pid() + " (" + code + ")";
  }

  private static String doing(Why.Doing doing) {
    var stack = doing.stack();
    var own = 0;
    while (own < stack.size() - 1 && stack.get(own + 1).getClassName().startsWith("java.")) {
      own++; // of the way down into the library, its last step is enough
    }
    return stack.stream()
        .skip(own)
        .limit(MOST_FRAMES)
        .map(frame -> "\n    at " + frame)
        .collect(Collectors.joining("", ", at " + doing.message(), ""));
  }

  /// `90 s`, `1.5 s`, `20 ms`.
  static String text(Duration time) {
    return time.toMillis() >= 1000
        ? "%s s"
            .formatted(time.toMillis() % 1000 == 0 ? time.toSeconds() : time.toMillis() / 1000.0)
        : time.toMillis() + " ms";
  }
}
