package dev.genserver.runtime;

import dev.genserver.sdk.ExitException;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.ServerRef;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A process: an identity, its links and monitors, and an end. What it runs is up to the subclass.
///
/// A process ends once, by [#end], from whichever thread comes first. From then on its code no longer
/// counts, even if a thread is still in it: that thread is interrupted, and what it does is ignored.
abstract sealed class LocalProcess permits ServerProcess, PlainProcess {

  final Node node;
  private final Pid pid;
  private final @Nullable LocalProcess parent;
  private final @Nullable ServerName name;
  private @Nullable Relations relations;
  private volatile boolean trapsExits;
  private volatile @Nullable ExitReason exitReason;

  LocalProcess(Node node, Pid pid, @Nullable LocalProcess parent, @Nullable ServerName name) {
    this.node = node;
    this.pid = pid;
    this.parent = parent;
    this.name = name;
  }

  public final Pid pid() {
    return pid;
  }

  final Optional<ServerName> name() {
    return Optional.ofNullable(name);
  }

  final boolean isParent(Pid other) {
    return parent != null && parent.pid.equals(other);
  }

  /// Why it has ended; null while it lives.
  final @Nullable ExitReason exitReason() {
    return exitReason;
  }

  final boolean isAlive() {
    return exitReason == null;
  }

  final boolean trapExit(boolean trap) {
    var before = trapsExits;
    trapsExits = trap;
    return before;
  }

  /// Throws the code of an ended process off its thread.
  final void checkAlive() {
    if (exitReason != null) {
      throw new ProcessEnded(this);
    }
  }

  // Messages.

  abstract void deliver(Envelope message);

  final void deliver(InfoMessage message) {
    deliver(new Envelope.Notice(message));
  }

  /// Whether a message may still be handed over: not the end of somebody whose monitor was taken away.
  final synchronized boolean accepts(InfoMessage message) {
    return !(message instanceof InfoMessage.Down down)
        || (relations != null && relations.monitored.remove(down.ref()) != null);
  }

  // Exit signals.

  /// Takes an exit signal that was sent by `exit`.
  final void exitSignal(Pid from, ExitReason reason) {
    if (reason instanceof ExitReason.Kill) {
      end(ExitReason.KILLED);
    } else {
      linkedExit(from, reason);
    }
  }

  /// Takes the exit signal of a link.
  private void linkedExit(Pid from, ExitReason reason) {
    if (trapsExits) {
      deliver(new InfoMessage.Exit(from, reason));
    } else if (!(reason instanceof ExitReason.Normal)) {
      end(reason);
    }
  }

  // Links.

  final void link(LocalProcess other) {
    if (other == this) {
      return;
    }
    if (other.addLink(this)) {
      if (!addLink(other)) {
        other.removeLink(this);
        other.linkedExit(pid, reasonOrKilled());
      }
    } else {
      linkedToNobody(other.pid);
    }
  }

  /// A link to a process that is not there.
  final void linkedToNobody(Pid other) {
    if (trapsExits) {
      deliver(new InfoMessage.Exit(other, ExitReason.NOPROC));
    } else {
      throw new ExitException(ExitReason.NOPROC);
    }
  }

  final void unlink(LocalProcess other) {
    removeLink(other);
    other.removeLink(this);
  }

  final void unlinkParent() {
    if (parent != null) {
      unlink(parent);
    }
  }

  private synchronized boolean addLink(LocalProcess other) {
    if (exitReason != null) {
      return false;
    }
    relations().links.add(other);
    return true;
  }

  private synchronized void removeLink(LocalProcess other) {
    if (relations != null) {
      relations.links.remove(other);
    }
  }

  // Monitors.

  /// Has [InfoMessage.Down] delivered to this process when `target` ends; at once if it is not there.
  final MonitorRef monitor(@Nullable LocalProcess target, ServerRef asked) {
    var ref = node.nextMonitorRef();
    synchronized (this) {
      // A monitor on nobody is remembered as one on itself, so that its message is accepted.
      relations().monitored.put(ref, target == null ? this : target);
    }
    Watcher watcher = (_, reason) -> deliver(new InfoMessage.Down(ref, asked, reason));
    if (target == null || !target.watch(ref, watcher)) {
      deliver(new InfoMessage.Down(ref, asked, ExitReason.NOPROC));
    }
    return ref;
  }

  final void demonitor(MonitorRef ref) {
    LocalProcess target;
    synchronized (this) {
      target = relations == null ? null : relations.monitored.remove(ref);
    }
    if (target != null) {
      target.unwatch(ref);
    }
  }

  /// Has the watcher told of the end.
  ///
  /// @return false if the process has ended already; the watcher is not told then
  final synchronized boolean watch(MonitorRef ref, Watcher watcher) {
    if (exitReason != null) {
      return false;
    }
    relations().watchers.put(ref, watcher);
    return true;
  }

  final synchronized void unwatch(MonitorRef ref) {
    if (relations != null) {
      relations.watchers.remove(ref);
    }
  }

  // Deferred calls.

  /// Remembers a call whose reply is to come later, so that it fails if the process ends first.
  final void remember(Call call) {
    if (!call.defer(this)) {
      return;
    }
    boolean added;
    synchronized (this) {
      added = exitReason == null && relations().deferred.add(call);
    }
    if (!added) {
      call.exited(pid, reasonOrKilled());
    } else if (!call.isWaiting()) {
      forget(call);
    }
  }

  final synchronized void forget(Call call) {
    if (relations != null) {
      relations.deferred.remove(call);
    }
  }

  // The end.

  /// Ends the process. Its name is free and its pid unknown before anybody is told.
  ///
  /// @return false if it had ended already
  final boolean end(ExitReason reason) {
    Relations last;
    synchronized (this) {
      if (exitReason != null) {
        return false;
      }
      exitReason = reason;
      last = relations;
      relations = null;
    }
    node.table.remove(this);
    if (last != null) {
      tellRelations(last, reason);
    }
    ended(reason, last == null ? List.of() : List.copyOf(last.deferred));
    return true;
  }

  /// Lets go of the thread, fails the open calls, tells a starter. Invoked once, on any thread.
  abstract void ended(ExitReason reason, List<Call> deferred);

  /// Whether the end is kept from this linked process.
  boolean sparesOnEnd(LocalProcess linked) {
    return false;
  }

  final boolean trapsExits() {
    return trapsExits;
  }

  private void tellRelations(Relations last, ExitReason reason) {
    last.monitored.forEach((ref, target) -> target.unwatch(ref));
    last.watchers.values().forEach(watcher -> watcher.ended(this, reason));
    for (var linked : last.links) {
      linked.removeLink(this);
      if (!sparesOnEnd(linked)) {
        linked.linkedExit(pid, reason);
      }
    }
  }

  private ExitReason reasonOrKilled() {
    var reason = exitReason;
    return reason == null ? ExitReason.KILLED : reason;
  }

  private Relations relations() {
    if (relations == null) {
      relations = new Relations();
    }
    return relations;
  }

  @Override
  public String toString() {
    return name == null ? pid.toString() : name + " " + pid;
  }
}
