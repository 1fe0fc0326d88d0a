package dev.genserver.runtime;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.Result;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.Supervisor;
import dev.genserver.sdk.SupervisorSpec;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Starts children in order, starts again those that end, and ends them in reverse order.
///
/// @otp supervisor
class SupervisorServer extends AnySupervisor<Children> {

  /*
   * A restart is counted when the child ends. If it then fails, it is tried again by a message to the
   * supervisor itself, after the messages that wait by then, and counts again. With a backoff the child
   * waits in between, after it was counted.
   */

  /// What a supervisor can be asked.
  sealed interface Request extends AnySupervisor.Request {

    record StartChild(ChildSpec spec) implements Request, Change {}

    record TerminateChild(String id) implements Request, Change {}

    record RestartChild(String id) implements Request, Change {}

    record DeleteChild(String id) implements Request, Change {}

    record WhichChildren() implements Request {}

    record CountChildren() implements Request {}

    /// The reply is an [Optional].
    ///
    /// @param key an id, or a pid
    record GetChildspec(Object key) implements Request {}

    /// Takes another spec for a child as it runs on. The reply is whether there is such a child.
    record ReplaceChildspec(ChildSpec spec) implements Request, Change {}

    /// Puts the children into the order of these ids.
    record Arrange(List<String> ids) implements Request, Change {}

    /// For partitions.
    record Resize(int partitions) implements Request, Change {}
  }

  private SupervisorSpec spec; // another when the code changes

  SupervisorServer(SupervisorSpec spec) {
    super(spec.intensity(), spec.period());
    this.spec = spec;
  }

  final SupervisorSpec spec() {
    return spec;
  }

  /// Goes on by another spec. Its children are as they were.
  final void adopt(SupervisorSpec next) {
    if (next.intensity() != spec.intensity() || !next.period().equals(spec.period())) {
      limitRestarts(next.intensity(), next.period());
    }
    spec = next;
  }

  @Override
  public Init<Children> init(Args args) {
    process().trapExit(true);
    var problem = Supervisor.checkChildspecs(spec.children(), spec.autoShutdown());
    if (problem.isPresent()) {
      return stop(ExitReason.of("{start_spec, " + problem.get() + "}"));
    }
    var children = new Children();
    for (var child : spec.children()) {
      var result = startNew(child, children);
      if (!isStarted(result)) {
        var reason = Supervision.failure(result);
        Supervision.reportNotStarted(child, reason);
        Supervision.endInReverse(children.all());
        return stop(ExitReason.shutdown(new Supervisor.FailedToStartChild(child.id(), reason)));
      }
    }
    return ok(children);
  }

  /// Starts a child and takes it up, unless it cannot start. One whose start says ignore is taken
  /// up as one that does not run, unless it is temporary.
  private static StartResult startNew(ChildSpec spec, Children children) {
    var result = Supervision.start(spec, Args.none());
    switch (result) {
      case StartResult.Ok(Pid pid, _) -> children.started(children.add(spec), pid, node());
      case StartResult.Ignore() -> {
        if (spec.restart() != Restart.TEMPORARY) {
          children.add(spec);
        }
      }
      case StartResult.AlreadyStarted _, StartResult.Failed _ -> {}
    }
    return result;
  }

  private static boolean isStarted(StartResult result) {
    return result instanceof StartResult.Ok || result instanceof StartResult.Ignore;
  }

  // Operations.

  @Override
  CallResult<Children> handle(AnySupervisor.Request request, From from, Children children) {
    if (!(request instanceof Request mine)) {
      return refuse(from, children);
    }
    return switch (mine) {
      case Request.StartChild(ChildSpec child) -> reply(startChild(child, children), children);
      case Request.TerminateChild(String id) -> reply(terminateChild(id, children), children);
      case Request.RestartChild(String id) -> reply(restartChild(id, children), children);
      case Request.DeleteChild(String id) -> reply(deleteChild(id, children), children);
      case Request.WhichChildren() -> reply(children.shown(), children);
      case Request.CountChildren() -> reply(children.counts(), children);
      case Request.GetChildspec(Object key) -> reply(childspec(key, children), children);
      case Request.ReplaceChildspec(ChildSpec next) -> reply(replace(next, children), children);
      case Request.Arrange(List<String> ids) -> {
        children.arrange(ids);
        yield reply(true, children);
      }
      case Request.Resize(int partitions) -> resize(partitions, from, children);
    };
  }

  private StartResult startChild(ChildSpec child, Children children) {
    var problem = Supervisor.checkChildspecs(List.of(child), spec.autoShutdown());
    if (problem.isPresent()) {
      return new StartResult.Failed(problem.get());
    }
    var present = children.find(child.id());
    if (present == null) {
      return startNew(child, children);
    }
    var pid = present.lastPid();
    return present.isRunning() && pid != null
        ? new StartResult.AlreadyStarted(pid)
        : new StartResult.Failed(ExitReason.of("already_present"));
  }

  static Supervisor.Outcome terminateChild(String id, Children children) {
    var child = children.find(id);
    if (child == null) {
      return Supervisor.Outcome.NOT_FOUND;
    }
    Supervision.endAll(List.of(child));
    children.stopped(child);
    return Supervisor.Outcome.OK;
  }

  static StartResult restartChild(String id, Children children) {
    var child = children.find(id);
    var whyNot = whyNotStopped(child);
    if (child == null || whyNot != Supervisor.Outcome.OK) {
      return new StartResult.Failed(ExitReason.of(whyNot.toString()));
    }
    var result = Supervision.start(child.spec, Args.none());
    if (result instanceof StartResult.Ok(Pid pid, _)) {
      children.started(child, pid, node());
    }
    return result;
  }

  private static Supervisor.Outcome deleteChild(String id, Children children) {
    var child = children.find(id);
    var whyNot = whyNotStopped(child);
    if (child != null && whyNot == Supervisor.Outcome.OK) {
      children.remove(child);
    }
    return whyNot;
  }

  private static Supervisor.Outcome whyNotStopped(@Nullable Child child) {
    if (child == null) {
      return Supervisor.Outcome.NOT_FOUND;
    }
    if (child.isRestarting()) {
      return Supervisor.Outcome.RESTARTING;
    }
    return child.isRunning() ? Supervisor.Outcome.RUNNING : Supervisor.Outcome.OK;
  }

  private static boolean replace(ChildSpec next, Children children) {
    var child = children.find(next.id());
    if (child != null) {
      child.spec = next;
    }
    return child != null;
  }

  private static Optional<ChildSpec> childspec(Object key, Children children) {
    var child = key instanceof Pid pid ? children.find(pid) : children.find(key.toString());
    return Optional.ofNullable(child).map(found -> found.spec);
  }

  /// Only a supervisor of partitions can.
  CallResult<Children> resize(int partitions, From from, Children children) {
    return refuse(from, children);
  }

  // Ends of children.

  @Override
  Result<Children> ended(Pid pid, ExitReason reason, Children children) {
    var child = children.find(pid);
    if (child == null) {
      return noReply(children); // one that was ended by hand, or no child at all
    }
    return mustRestart(child, reason)
        ? restart(child, reason, children)
        : gone(child, reason, children);
  }

  private Result<Children> gone(Child child, ExitReason reason, Children children) {
    Supervision.reportGone(child, reason);
    children.stopped(child);
    return child.spec.significant() && endsWithSignificant(children)
        ? stop(ExitReason.SHUTDOWN, children)
        : noReply(children);
  }

  private boolean endsWithSignificant(Children children) {
    return switch (spec.autoShutdown()) {
      case NEVER -> false;
      case ANY_SIGNIFICANT -> true;
      case ALL_SIGNIFICANT ->
          children.all().stream()
              .noneMatch(
                  other -> other.spec.significant() && (other.isRunning() || other.isRestarting()));
    };
  }

  @Override
  Result<Children> restart(Child child, ExitReason reason, Children children) {
    if (!count(child, reason)) {
      children.stopped(child);
      return stop(ExitReason.SHUTDOWN, children);
    }
    var wait = child.nextBackoff(node());
    if (wait.isZero()) {
      return startAgain(child, reason, children);
    }
    var retry = children.restarting(child, true, reason);
    end(group(child, children), child, children);
    Supervision.reportBackoff(child, reason, wait);
    process().sendAfter(self(), retry, wait);
    return noReply(children);
  }

  /// Starts the child again, and those that its strategy restarts with it, after it has ended them.
  @Override
  Result<Children> startAgain(Child child, ExitReason reason, Children children) {
    var group = group(child, children);
    children.stopped(child);
    end(group, child, children);
    for (var member : group) {
      if (children.find(member.spec.id()) == member && !startMember(member, reason, children)) {
        break;
      }
    }
    return noReply(children);
  }

  private List<Child> group(Child child, Children children) {
    return switch (spec.strategy()) {
      case ONE_FOR_ONE -> List.of(child);
      case ONE_FOR_ALL -> children.all();
      case REST_FOR_ONE -> children.from(child);
    };
  }

  /// Ends the group but for the child that has ended already. Temporary ones are forgotten.
  private static void end(List<Child> group, Child ended, Children children) {
    Supervision.endInReverse(group);
    for (var member : group) {
      if (member != ended) {
        children.stopped(member);
      }
    }
  }

  /// @return false if it did not start and is to be tried again; the rest of the group waits for it
  private boolean startMember(Child member, ExitReason reason, Children children) {
    var result = Supervision.start(member.spec, Args.none());
    return switch (result) {
      case StartResult.Ok(Pid pid, _) -> {
        children.restarted(member, pid, node());
        reportRestarted(member, reason);
        yield true;
      }
      case StartResult.Ignore() -> true;
      case StartResult.AlreadyStarted _, StartResult.Failed _ -> {
        var failure = Supervision.failure(result);
        Supervision.reportNotStarted(member.spec, failure);
        process().send(self(), children.restarting(member, false, failure));
        yield false;
      }
    };
  }

  @Override
  void endAll(Children children) {
    Supervision.endInReverse(children.all());
  }

  @Override
  public @Nullable Object formatStatus(Children children) {
    return children.shown();
  }
}
