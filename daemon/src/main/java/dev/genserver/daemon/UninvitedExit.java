package dev.genserver.daemon;

import dev.genserver.runtime.Node;
import dev.genserver.runtime.ProcessInfo;
import dev.genserver.runtime.Why;
import dev.genserver.sdk.ExitReason;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/// What the daemon does when its JVM ends and nobody has told the daemon: a plugin has called
/// `System.exit`.
///
/// The end of a JVM cannot be called off, but it waits for this: the daemon ends in order, so its
/// clients get their answers, and with an exit code that no service manager takes for success,
/// whatever the plugin has asked for.
final class UninvitedExit implements Runnable {

  /// EX_SOFTWARE.
  private static final int DEFECT = 70;

  private static final System.Logger LOG = System.getLogger(UninvitedExit.class.getName());

  private final Daemon daemon;
  private final AtomicBoolean told;
  private final StandardStreams streams;

  /// @param told whether the daemon was told to end
  UninvitedExit(Daemon daemon, AtomicBoolean told, StandardStreams streams) {
    this.daemon = daemon;
    this.told = told;
    this.streams = streams;
  }

  @Override
  public void run() {
    if (!told.compareAndSet(false, true)) {
      return;
    }
    try {
      var callers = callersOfExit(daemon.node());
      LOG.log(
          Level.ERROR,
          "the JVM ends without the daemon having been told; System.exit is called by {0}",
          callers.isEmpty()
              ? "no process, perhaps by a thread of a plugin"
              : callers.stream().map(UninvitedExit::shown).collect(Collectors.joining(", ")));
      // They never return. Without this the end would wait for them.
      callers.forEach(caller -> daemon.node().exit(caller.pid(), ExitReason.KILLED));
      daemon.close();
    } finally {
      streams.drain();
      Runtime.getRuntime().halt(DEFECT);
    }
  }

  private static String shown(ProcessInfo process) {
    return "process name=%s pid=%s server=%s"
        .formatted(process.name().map(Object::toString).orElse("-"), process.pid(), process.code());
  }

  private static List<ProcessInfo> callersOfExit(Node node) {
    return node.inspect().stream().filter(process -> callsExit(node, process)).toList();
  }

  private static boolean callsExit(Node node, ProcessInfo process) {
    return node.why(process.pid()).flatMap(Why::doing).stream()
        .flatMap(doing -> doing.stack().stream())
        .anyMatch(frame ->
            frame.getClassName().equals("java.lang.Runtime")
                && frame.getMethodName().equals("exit"));
  }
}
