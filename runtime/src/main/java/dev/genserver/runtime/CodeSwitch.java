package dev.genserver.runtime;

import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Replaces the code of all processes of a plugin at once, under their running states; or of none
/// of them.
///
/// All are kept between two messages, the new code takes each state over, and only when all have
/// done so do they go on with it. What is in mailboxes, names, pids, links, monitors, timers and
/// calls whose reply is due stay as they are. For one thread, which it blocks.
///
/// @otp release_handler: suspend, code_change and resume of a module's processes
public final class CodeSwitch {

  /*
   * 1. hold:    each process is told to stay between two messages, and goes on until it gets there.
   *             When all are there the hold is closed, and this thread becomes the consumer of each.
   * 2. prepare: the new server and state of each are made aside. Nothing of the process changes.
   * 3. commit:  they are put in place. Nothing of that can fail.
   * 4. release: the processes are given back, whatever came before.
   *
   * Children that only one version has are started and ended when the others run again, since they may
   * want something of them.
   */

  /// How long things may take.
  ///
  /// @param toRest until all processes are between two messages
  /// @param toChange until the new code has taken all states over, from then on
  public record Limits(Duration toRest, Duration toChange) {}

  /// What a process ran on before.
  ///
  /// @param process which it was; one that was started again since is another
  public record Saved(Pid process, Optional<ServerName> name, Object state) {}

  /// What came of it.
  public sealed interface Result {

    /// How long the processes took no messages, at the most.
    Duration pause();

    /// All processes run the new code, or would if it had been done in earnest.
    ///
    /// @param processes how many changed their code
    /// @param before what they ran on, by the pid that each had first
    /// @param reverted how many did not go on with the state that they had, but with the one from
    ///   before
    record Switched(Duration pause, int processes, Map<Pid, Saved> before, int reverted)
        implements Result {}

    /// All processes go on as before.
    ///
    /// @param problems why, a sentence each
    record Refused(Duration pause, List<String> problems) implements Result {}
  }

  private static final long POLL_NANOS = 50_000;
  private static final int POLLS_BETWEEN_LOOKS = 20;
  private static final int LONGEST_CHAIN = 64;
  private static final int MOST_SHOWN = 5;

  private final Node node;
  private final CodeReplacement code;
  private final Limits limits;
  private final Hold hold;
  private final Set<ServerProcess> members = new LinkedHashSet<>();
  private final Set<ServerProcess> owned = new LinkedHashSet<>();
  private List<TreeChange.Difference> differences = List.of();

  public CodeSwitch(Node node, CodeReplacement code, Limits limits) {
    this.node = node;
    this.code = code;
    this.limits = limits;
    this.hold = new Hold(this::concerns);
  }

  /// Does all of it.
  public Result run() {
    return run(true);
  }

  /// Does all of it but putting the new code in place.
  public Result rehearse() {
    return run(false);
  }

  private Result run(boolean inEarnest) {
    var begin = System.nanoTime();
    var problems = new ArrayList<String>();
    var changes = List.<StateChange>of();
    try {
      problems.addAll(comeToRest(begin + Timeouts.toNanos(limits.toRest())));
      if (problems.isEmpty()) {
        var tree = tree();
        changes = changes(tree);
        problems.addAll(tree.problems());
        if (problems.isEmpty()) {
          problems.addAll(StateChange.prepareAll(changes, code.to(), limits.toChange()));
        }
        differences = problems.isEmpty() ? tree.differences() : List.of();
        if (problems.isEmpty() && inEarnest) {
          changes.forEach(StateChange::carryOut);
          tree.carryOut();
          owned.forEach(process -> process.startedIn(code.from(), code.to()));
        }
      }
    } finally {
      release();
    }
    var pause = Duration.ofNanos(System.nanoTime() - begin);
    return problems.isEmpty()
        ? switched(pause, changes)
        : new Result.Refused(pause, List.copyOf(problems));
  }

  private static Result switched(Duration pause, List<StateChange> changes) {
    var before = new HashMap<Pid, Saved>();
    changes.forEach(change -> change.saved().ifPresent(saved -> before.put(change.first(), saved)));
    var reverted = (int) changes.stream().filter(StateChange::isReverted).count();
    return new Result.Switched(pause, changes.size(), before, reverted);
  }

  // Coming to rest.

  /// @return why not all came to rest
  private List<String> comeToRest(long deadline) {
    holdAll();
    var moving = new ArrayList<>(members);
    for (var polls = 1; true; polls++) {
      moving.removeIf(process -> !process.isAlive() || process.isKept());
      if (moving.isEmpty() && hold.close()) {
        if (!holdAll()) {
          return ownAll(deadline);
        }
        hold.open(); // some were started meanwhile
        members.forEach(MailboxProcess::lookAgain);
        moving.addAll(members);
      } else if (System.nanoTime() - deadline > 0) {
        return busy(moving);
      } else {
        if (polls % POLLS_BETWEEN_LOOKS == 0) {
          letOthersServe(moving);
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }

  /// Has the processes that are kept already serve those of others that one of the moving waits
  /// for.
  ///
  /// What a process takes is asked for as it takes it: who waits for its caller only later would
  /// wait in vain.
  private void letOthersServe(List<ServerProcess> moving) {
    var awaited = new HashSet<LocalProcess>();
    var serving = new HashSet<ServerProcess>();
    for (LocalProcess process : moving) {
      var wait = process.waitsFor();
      for (var i = 0; wait != null && i < LONGEST_CHAIN; i++) {
        awaited.add(process);
        process = wait.target();
        if (process instanceof ServerProcess server && members.contains(server)) {
          serving.add(server);
        }
        wait = process.waitsFor();
      }
    }
    hold.await(awaited);
    serving.forEach(MailboxProcess::lookAgain);
  }

  /// Holds those that are not held yet.
  ///
  /// @return whether there were some
  private boolean holdAll() {
    var found = false;
    for (var process : node.table.processes()) {
      if (process instanceof ServerProcess server && !server.isIn(hold) && concerns(server)) {
        server.hold(hold);
        members.add(server);
        found = true;
      }
    }
    return found;
  }

  private List<String> ownAll(long deadline) {
    for (var process : members) {
      while (process.isAlive() && !owns(process)) {
        if (System.nanoTime() - deadline > 0) {
          return busy(List.of(process));
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
    return List.of();
  }

  private boolean owns(ServerProcess process) {
    return owned.contains(process) || (process.own() && owned.add(process));
  }

  /// Whether it runs code of the version that is to be replaced, or supervises such processes.
  private boolean concerns(LocalProcess process) {
    if (!code.only().isEmpty()) {
      return code.only().contains(process.pid());
    }
    return code.from().equals(process.loader())
        || process.pid().equals(code.supervisor())
        || process.descendsFrom(code.supervisor());
  }

  private List<String> busy(List<ServerProcess> moving) {
    var shown =
        moving.stream()
            .limit(MOST_SHOWN)
            .map(process ->
                process
                    + process
                        .doing()
                        .map(doing -> ", at work on " + doing.message())
                        .orElse(", which serves others"))
            .toList();
    return List.of(
        "%d processes did not come to rest within %s: %s; try again, or give them more time"
            .formatted(moving.size(), limits.toRest(), String.join("; ", shown)));
  }

  private void release() {
    members.forEach(MailboxProcess::giveBack);
  }

  // What changes.

  private @Nullable ServerProcess supervisor() {
    return node.table.find(code.supervisor()) instanceof ServerProcess process ? process : null;
  }

  /// What becomes of the tree. That asks code of the plugin, and is a problem of its own if that
  /// fails.
  private TreeChange tree() {
    return code.only().isEmpty()
        ? TreeChange.of(code, supervisor())
        : TreeChange.ofSome(code, owned);
  }

  private List<StateChange> changes(TreeChange tree) {
    var changes = new ArrayList<StateChange>();
    for (var process : owned) {
      if (process.isAlive() && !tree.isLeaving(process)) {
        change(process, tree).ifPresent(changes::add);
      }
    }
    return changes;
  }

  private Optional<StateChange> change(ServerProcess process, TreeChange tree) {
    var planned = tree.of(process);
    var loader = process.serverClass().getClassLoader();
    if (code.from().equals(loader)) {
      return planned == null
          ? tree.server(process.serverClass(), process)
              .map(factory ->
                  new TreeChange.Replacement(
                      factory, process.maxQueue(), process.isCpuBound(), null))
              .map(replacement -> StateChange.of(process, replacement, code))
          : Optional.of(StateChange.of(process, planned, code));
    }
    if (code.to().equals(loader) || process.server() instanceof Supervising) {
      return Optional.empty();
    }
    return Optional.of(StateChange.ofHost(process, planned == null ? null : planned.first(), code));
  }

  // Children that only one version has.

  /// Starts the children that only the new version has.
  ///
  /// @return why one did not start; the others that do are still to be ended then
  public Optional<String> startAdded() {
    for (var difference : differences) {
      for (var child : difference.added()) {
        var result = node.supervisor(difference.supervisor()).startChild(child);
        if (result instanceof StartResult.Failed(ExitReason reason)) {
          return Optional.of(
              "child '%s', which is new, did not start: %s".formatted(child.id(), reason));
        }
      }
    }
    return Optional.empty();
  }

  /// Ends the children that the new version does not have, the last one first.
  public void endRemoved() {
    for (var difference : differences) {
      var supervisor = node.supervisor(difference.supervisor());
      for (var id : difference.removed().reversed()) {
        supervisor.terminateChild(id);
        supervisor.deleteChild(id);
      }
      node.call(
          difference.supervisor(),
          new SupervisorServer.Request.Arrange(difference.ids()),
          Boolean.class);
    }
  }

  /// The ids of the children that only the new version has.
  public List<String> added() {
    return differences.stream()
        .flatMap(difference -> difference.added().stream())
        .map(ChildSpec::id)
        .toList();
  }

  /// The ids of the children that only the old version has.
  public List<String> removed() {
    return differences.stream().flatMap(difference -> difference.removed().stream()).toList();
  }
}
