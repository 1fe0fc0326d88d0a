package dev.genserver.runtime;

import dev.genserver.sdk.CodeChange;
import dev.genserver.sdk.CodeChanged;
import dev.genserver.sdk.CurrentProcess;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StateMismatchException;
import dev.genserver.sdk.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What one process is to go on with: its new server, and what that made of the state. For the one
/// who owns the process; it is made on threads that the owner starts and waits for.
final class StateChange {

  /*
   * The phase changes under the lock, in one step with the process's ownership word: a thread that was
   * left to itself must not touch the word any more, as it may tell of something else by then.
   */

  private enum Phase {
    NEW,
    RUNNING,
    DONE,
    LOST, // the process was ended meanwhile
    ABANDONED
  }

  /// How many are made at a time; it is the processor's work.
  private static final int LANES = Math.max(2, Runtime.getRuntime().availableProcessors());

  private static final int MOST_PROBLEMS = 10;

  private final ServerProcess process;
  private final CodeReplacement code;
  private final TreeChange.@Nullable Replacement replacement; // null for a server of the host
  private final Pid first;
  private final @Nullable Object before; // null if it has not started yet
  private Phase phase = Phase.NEW;
  private @Nullable Thread thread;
  private volatile @Nullable String problem;
  private @Nullable GenServer<Object, Object, Object> server;
  private @Nullable Object state;
  private RegistryChange entries = RegistryChange.NONE;
  private boolean reverted;

  /// @param first the pid that the process's child had first; null if it is no child, or has it
  private StateChange(
      ServerProcess process,
      TreeChange.@Nullable Replacement replacement,
      @Nullable Pid first,
      CodeReplacement code) {
    this.process = process;
    this.replacement = replacement;
    this.code = code;
    this.first = first == null ? process.pid() : first;
    this.before = process.hasState() ? process.state() : null;
  }

  static StateChange of(
      ServerProcess process, TreeChange.Replacement replacement, CodeReplacement code) {
    return new StateChange(process, replacement, replacement.first(), code);
  }

  /// For a server that stays, with a state that may be of the plugin's classes: an agent.
  ///
  /// @param first the pid that its child had first; null if it is no child, or has it
  static StateChange ofHost(ServerProcess process, @Nullable Pid first, CodeReplacement code) {
    return new StateChange(process, null, first, code);
  }

  /// The pid that the process had first.
  Pid first() {
    return first;
  }

  /// What it ran on; empty if it had not started yet.
  Optional<CodeSwitch.Saved> saved() {
    return Optional.ofNullable(before)
        .map(state -> new CodeSwitch.Saved(process.pid(), process.name(), state));
  }

  /// Whether it goes on with a state from before.
  boolean isReverted() {
    return reverted;
  }

  /// Makes all of them.
  ///
  /// @param loader the context class loader for it
  /// @param limit how long that may take
  /// @return what went wrong
  static List<String> prepareAll(List<StateChange> changes, ClassLoader loader, Duration limit) {
    var waiting = new ConcurrentLinkedQueue<>(changes);
    var done = new CountDownLatch(Math.min(LANES, changes.size()));
    var failed = new AtomicInteger();
    for (var lane = done.getCount(); lane > 0; lane--) {
      startLane(waiting, failed, done, loader);
    }
    var inTime = await(done, limit);
    waiting.clear();
    var problems = new ArrayList<String>();
    for (var change : changes) {
      if (!inTime && change.abandon()) {
        problems.add(
            "codeChange of %s takes longer than all together may, %s"
                .formatted(change.process, limit));
      }
      var problem = change.problem;
      if (problem != null && problems.size() < MOST_PROBLEMS) {
        problems.add(problem);
      }
    }
    if (!inTime && problems.isEmpty()) {
      problems.add("the states take longer to change than all together may, " + limit);
    }
    return problems;
  }

  private static void startLane(
      Queue<StateChange> waiting, AtomicInteger failed, CountDownLatch done, ClassLoader loader) {
    var thread =
        Thread.ofVirtual()
            .name("code-change")
            .unstarted(() -> prepareAll(waiting, failed, done, loader));
    thread.setContextClassLoader(loader);
    thread.start();
  }

  private static void prepareAll(
      Queue<StateChange> waiting, AtomicInteger failed, CountDownLatch done, ClassLoader loader) {
    // So many are enough to tell: all go on as before then, and wait for that.
    while (failed.get() < MOST_PROBLEMS) {
      var change = waiting.poll();
      if (change == null) {
        break;
      }
      if (!change.prepare()) {
        // Whoever ended the process interrupts this thread, perhaps only now.
        startLane(waiting, failed, done, loader);
        return;
      }
      if (change.problem != null) {
        failed.incrementAndGet();
      }
    }
    done.countDown();
  }

  private static boolean await(CountDownLatch done, Duration limit) {
    try {
      return done.await(Timeouts.toNanos(limit), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// @return false if this thread was taken for the process's, and the process has ended
  private boolean prepare() {
    if (!begin()) {
      return true;
    }
    try {
      if (process.isAlive()) {
        CurrentProcess.run(new Context(process), this::change);
      }
    } catch (Throwable thrown) {
      problem = why(thrown);
    }
    return finish();
  }

  private synchronized boolean begin() {
    if (phase != Phase.NEW) {
      return false;
    }
    phase = Phase.RUNNING;
    thread = Thread.currentThread();
    process.enterAsOwner();
    return true;
  }

  private synchronized boolean finish() {
    if (phase == Phase.RUNNING) {
      phase = process.leaveAsOwner() ? Phase.DONE : Phase.LOST;
    }
    if (phase == Phase.LOST) {
      problem = null; // a process that has ended has none
    }
    return phase != Phase.LOST;
  }

  /// Leaves a thread that does not come back to itself.
  ///
  /// @return whether there was one
  private synchronized boolean abandon() {
    var running = phase == Phase.RUNNING ? thread : null;
    if (phase != Phase.DONE) {
      phase = Phase.ABANDONED;
    }
    if (running == null) {
      return false;
    }
    running.interrupt();
    return process.leaveAsOwner();
  }

  private String why(Throwable thrown) {
    var what = thrown instanceof StateMismatchException ? thrown.getMessage() : thrown.toString();
    return "%s cannot go on with version %s: %s".formatted(process, code.toVersion(), what);
  }

  private void change() {
    entries = RegistryChange.of(process, code);
    if (replacement != null) {
      server = made(replacement);
    }
    if (before == null) {
      return; // its init is still to come, and will be the new code's
    }
    var saved = code.before().get(first);
    if (saved != null && !saved.process().equals(process.pid())) {
      revertTo(saved); // it was started afresh since
      return;
    }
    try {
      state = changed(before);
    } catch (RuntimeException | StackOverflowError e) {
      if (saved == null) {
        throw e;
      }
      revertTo(saved);
    }
  }

  private void revertTo(CodeSwitch.Saved saved) {
    state = saved.state();
    reverted = true;
  }

  @SuppressWarnings("unchecked") // as in ServerProcess
  private static GenServer<Object, Object, Object> made(TreeChange.Replacement replacement) {
    return (GenServer<Object, Object, Object>) replacement.factory().get();
  }

  private @Nullable Object changed(Object old) {
    var next = server;
    if (next == null) {
      return Carrier.converted(old, Carrier.of(code.from()), code.to(), "the state");
    }
    var handedOver = process.handOver(code.toVersion());
    var carried = Carrier.carried(handedOver, code.from(), next);
    return switch (next.codeChange(new CodeChange<>(code.fromVersion(), carried, null))) {
      case CodeChanged.Ok<Object>(Object changed) when changed != null -> changed;
      case CodeChanged.Refused<Object>(ExitReason reason) ->
          throw new StateMismatchException("its codeChange refuses: " + reason);
      case null, default -> throw new StateMismatchException("its codeChange gave no state");
    };
  }

  /// Puts the new code in place.
  synchronized void carryOut() {
    if (phase == Phase.DONE && process.isAlive()) {
      process.become(
          server == null ? process.server() : server,
          state,
          replacement == null ? process.maxQueue() : replacement.maxQueue(),
          replacement == null ? process.isCpuBound() : replacement.cpuBound());
      entries.carryOut();
    }
  }
}
