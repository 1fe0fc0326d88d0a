package dev.genserver.runtime;

import dev.genserver.sdk.CurrentProcess;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Pid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Looks at processes from outside, while they go on.
final class Inspection {

  private static final int MESSAGES = 10;
  private static final int LONGEST_CHAIN = 20;

  /// What runs a process's code.
  private static final List<String> RUNNER =
      List.of(
          "java.lang.VirtualThread",
          "java.lang.Thread",
          ActivationThreads.class.getName(),
          "java.lang.ScopedValue",
          "jdk.internal.vm.",
          MailboxProcess.class.getName(),
          ServerProcess.class.getName(),
          PlainProcess.class.getName(),
          CurrentProcess.class.getName());

  private final Node node;

  Inspection(Node node) {
    this.node = node;
  }

  Why why(LocalProcess process) {
    return new Why(
        process.info(),
        process.doing(),
        process.peek(MESSAGES).stream().map(this::waiting).toList(),
        chain(process),
        node.crashes.find(process.ref()));
  }

  Related related(LocalProcess process, int most) {
    return new Related(
        peers(process.linked(most)),
        peers(process.monitored(most)),
        peers(process.monitors(most)),
        process.deferred(most).stream().map(this::waiting).toList(),
        process.deferred());
  }

  private static List<Related.Peer> peers(List<LocalProcess> processes) {
    return processes.stream().map(Related.Peer::of).toList();
  }

  private List<Why.WaitsFor> chain(LocalProcess first) {
    var chain = new ArrayList<Why.WaitsFor>();
    var wait = first.waitsFor();
    while (wait != null && chain.size() < LONGEST_CHAIN) {
      var target = wait.target();
      chain.add(
          new Why.WaitsFor(
              target.pid(), target.ref(), Shown.text(wait::what), elapsed(wait.since())));
      wait = target == first ? null : target.waitsFor();
    }
    return chain;
  }

  private Why.Waiting waiting(Envelope message) {
    return new Why.Waiting(kind(message), text(message), from(message), age(message));
  }

  private static String kind(Envelope message) {
    return switch (message) {
      case SystemCall _, Envelope.Stop _, Envelope.Start _ -> "system";
      case Call _ -> "call";
      case Envelope.Cast _, Envelope.Outside _ -> "cast";
      case Envelope.Notice _, Envelope.IdleTimeout _ -> "info";
    };
  }

  /// What a message says. One from outside is shown as it came, not decoded: that is the process's
  /// own affair.
  static String text(@Nullable Envelope message) {
    return Shown.text(() ->
        switch (message) {
          case LocalCall call -> call.message();
          case ExternalCall call -> call;
          case Envelope.Outside(ExternalCast cast) -> cast;
          case Envelope.Cast(Object cast, _) -> cast;
          case Envelope.Notice(InfoMessage.Message(Object content), _) -> content;
          case Envelope.Notice(InfoMessage info, _) -> info;
          case Envelope.IdleTimeout _ -> new InfoMessage.Timeout();
          case Envelope.Stop stop -> "stop " + stop.reason();
          case Envelope.Start _ -> "init";
          case null -> "-";
        });
  }

  private static Optional<Pid> from(Envelope message) {
    return message instanceof LocalCall call ? call.caller() : Optional.empty();
  }

  private Optional<Duration> age(Envelope message) {
    return switch (message) {
      case LocalCall call -> Optional.of(elapsed(call.since()));
      case ExternalCall call -> Optional.of(call.age());
      default -> Optional.empty();
    };
  }

  private Duration elapsed(long since) {
    return Duration.ofNanos(Math.max(0, node.time().nanoTime() - since));
  }

  /// The stack of a thread, without the frames below the process's own code.
  static List<StackTraceElement> stack(Thread thread) {
    var stack = List.of(thread.getStackTrace());
    var depth = stack.size();
    while (depth > 0 && RUNNER.stream().anyMatch(stack.get(depth - 1).getClassName()::startsWith)) {
      depth--;
    }
    return depth == 0 ? stack : stack.subList(0, depth);
  }
}
