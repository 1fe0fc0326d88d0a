package dev.genserver.runtime;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.Shutdown;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.Supervisor;
import dev.genserver.sdk.Timeouts;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What all kinds of supervisors do with a child: start it, end it, and tell of it. For the
/// supervisor's thread.
final class Supervision {

  private static final System.Logger LOG = System.getLogger(Supervision.class.getName());

  private Supervision() {}

  // Starting.

  /// Starts a child. Whatever goes wrong is the result, never thrown.
  ///
  /// @param extra arguments for a server besides its own
  static StartResult start(ChildSpec spec, Args extra) {
    try {
      return valid(
          switch (spec.start()) {
            case ChildSpec.Start.Server(var factory, var options) ->
                inLoaderOf(
                    factory,
                    () ->
                        context()
                            .startLink(factory.get(), options.args(options.args().orElse(extra))));
            case ChildSpec.Start.Tree(var tree, var options) -> context().startLink(tree, options);
            case ChildSpec.Start.Function(var function) -> inLoaderOf(function, function);
          });
    } catch (ProcessEnded ended) {
      throw ended; // this supervisor itself
    } catch (Throwable thrown) {
      return new StartResult.Failed(ExitReason.thrown(thrown));
    } finally {
      Thread.interrupted(); // an interrupt that the code gave itself must not cut later waits short
    }
  }

  /// Does something with the loader of a plugin's code as the context class loader: this thread has
  /// the supervisor's own.
  private static <T> T inLoaderOf(Supplier<?> code, Supplier<T> what) {
    var thread = Thread.currentThread();
    var before = thread.getContextClassLoader();
    thread.setContextClassLoader(context().process().loaderOf(code));
    try {
      return what.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /// A start function may return null.
  private static StartResult valid(@Nullable StartResult result) {
    return result == null ? new StartResult.Failed(new ExitReason.BadReturnValue(null)) : result;
  }

  /// Why a start that is neither ok nor ignored did not succeed.
  static ExitReason failure(StartResult result) {
    return switch (result) {
      case StartResult.Failed(ExitReason reason) -> reason;
      case StartResult.AlreadyStarted(Pid pid) -> ExitReason.of("{already_started, " + pid + "}");
      case StartResult.Ok _, StartResult.Ignore _ ->
          throw new IllegalArgumentException(result + " is no failure");
    };
  }

  // Ending.

  /// Ends the children one after the other, the last one first, each within its shutdown time.
  static void endInReverse(List<Child> children) {
    children.reversed().forEach(child -> endAll(List.of(child)));
  }

  private record Ending(Child child, EndWaiter end, Duration timeout) {}

  /// Ends the children at the same time, each within its own shutdown time. Those that do not run
  /// are passed over.
  static void endAll(Collection<Child> children) {
    var context = context();
    var begin = context.process().node.time().nanoTime();
    var endings = new ArrayList<Ending>();
    for (var child : children) {
      var process = child.process();
      if (process != null) {
        var end = EndWaiter.on(process);
        endings.add(new Ending(child, end, timeout(child)));
        context.exit(process.pid(), signal(child));
      }
    }
    // Those with the least time first: while it waits for one, it is not too late for the others.
    endings.sort(Comparator.comparing(Ending::timeout));
    endings.forEach(ending -> await(ending, begin));
  }

  private static ExitReason signal(Child child) {
    return child.spec.shutdown() instanceof Shutdown.BrutalKill
        ? ExitReason.KILL
        : ExitReason.SHUTDOWN;
  }

  private static Duration timeout(Child child) {
    return switch (child.spec.shutdown()) {
      case Shutdown.BrutalKill() -> Timeouts.INFINITY; // it cannot resist
      case Shutdown.After(Duration timeout) -> timeout;
    };
  }

  private static void await(Ending ending, long begin) {
    var context = context();
    var process = ending.end.target();
    var nanos = Timeouts.toNanos(ending.timeout);
    if (nanos != Long.MAX_VALUE) {
      nanos = Math.max(0, nanos - (process.node.time().nanoTime() - begin));
    }
    if (context.awaitEnd(ending.end, nanos) == null) {
      context.exit(process.pid(), ExitReason.KILL);
    }
    reportEnd(ending.child, process);
  }

  /// Tells of a child that was ended and ended otherwise than it was told to.
  private static void reportEnd(Child child, LocalProcess process) {
    var reason = process.exitReason();
    if (reason != null && !isOrderly(child.spec, reason)) {
      LOG.log(
          Level.WARNING,
          "child ended otherwise supervisor={0} child={1} pid={2} reason={3} restart={4}"
              + " shutdown={5}",
          context().process(),
          child.spec.id(),
          process.pid(),
          reason,
          child.spec.restart(),
          child.spec.shutdown());
    }
  }

  private static boolean isOrderly(ChildSpec spec, ExitReason reason) {
    var asTold =
        switch (spec.shutdown()) {
          case Shutdown.BrutalKill() -> reason.equals(ExitReason.KILLED);
          case Shutdown.After _ -> reason.equals(ExitReason.SHUTDOWN);
        };
    return asTold || (spec.restart() != Restart.PERMANENT && ExitReason.isExpected(reason));
  }

  // Telling.

  static void reportRestarted(Child child, ExitReason reason, RestartWindow restarts) {
    LOG.log(
        Level.WARNING,
        "process restarted supervisor={0} child={1} pid={2} reason={3} restarts={4}",
        context().process(),
        child.spec.id(),
        child.lastPid(),
        reason,
        restarts);
  }

  static void reportBackoff(Child child, ExitReason reason, Duration wait) {
    LOG.log(
        Level.WARNING,
        "restart waits supervisor={0} child={1} reason={2} backoff={3}",
        context().process(),
        child.spec.id(),
        reason,
        wait);
  }

  static void reportNotStarted(ChildSpec spec, ExitReason reason) {
    LOG.log(
        Level.ERROR,
        "child did not start supervisor={0} child={1} reason={2}",
        context().process(),
        spec.id(),
        reason);
  }

  static void reportExhausted(Child child, ExitReason reason, RestartWindow restarts) {
    LOG.log(
        Level.ERROR,
        "restarts exhausted supervisor={0} child={1} reason={2} restarts={3}",
        context().process(),
        child.spec.id(),
        reason,
        restarts);
  }

  /// Tells of a temporary child that ended in an unexpected way.
  static void reportGone(Child child, ExitReason reason) {
    if (!ExitReason.isExpected(reason)) {
      LOG.log(
          Level.WARNING,
          "child ended supervisor={0} child={1} pid={2} reason={3} restart={4}",
          context().process(),
          child.spec.id(),
          child.lastPid(),
          reason,
          child.spec.restart());
    }
  }

  static void reportUnexpected(Object message) {
    LOG.log(
        Level.ERROR,
        "unexpected message supervisor={0} message={1}; supervisors take none, use their handle",
        context().process(),
        message);
  }

  static Supervisor.Counts count(Collection<Child> children) {
    var active = 0;
    var supervisors = 0;
    for (var child : children) {
      active += child.isRunning() ? 1 : 0;
      supervisors += child.spec.type() == ChildSpec.Type.SUPERVISOR ? 1 : 0;
    }
    return new Supervisor.Counts(
        children.size(), active, supervisors, children.size() - supervisors);
  }

  static Context context() {
    return (Context) ProcessContext.current();
  }
}
