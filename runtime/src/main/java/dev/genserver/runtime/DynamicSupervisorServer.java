package dev.genserver.runtime;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.AutoShutdown;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.DynamicSupervisorSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Result;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.Supervisor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Supervises children that are started while it runs, each by itself; ends them all at once.
///
/// Its state has the children by their pids. One that waits to be started again is found by the pid
/// that it had last.
///
/// @otp Elixir's DynamicSupervisor
final class DynamicSupervisorServer extends AnySupervisor<Map<Pid, Child>> {

  /// What a dynamic supervisor can be asked.
  sealed interface Request extends AnySupervisor.Request {

    record StartChild(ChildSpec spec) implements Request, Change {}

    /// Has children started by what `starts` makes of their specs; by these themselves if it is
    /// empty.
    record Divert(Optional<UnaryOperator<ChildSpec>> starts) implements Request, Change {}

    record TerminateChild(Pid pid) implements Request, Change {}

    record WhichChildren() implements Request {}

    record CountChildren() implements Request {}
  }

  private DynamicSupervisorSpec spec; // another when the code changes
  private Optional<UnaryOperator<ChildSpec>> diversion = Optional.empty();

  DynamicSupervisorServer(DynamicSupervisorSpec spec) {
    super(spec.intensity(), spec.period());
    this.spec = spec;
  }

  /// Goes on by another spec. Its children are as they were.
  void adopt(DynamicSupervisorSpec next) {
    if (next.intensity() != spec.intensity() || !next.period().equals(spec.period())) {
      limitRestarts(next.intensity(), next.period());
    }
    spec = next;
  }

  @Override
  public Init<Map<Pid, Child>> init(Args args) {
    process().trapExit(true);
    return ok(new HashMap<>());
  }

  @Override
  CallResult<Map<Pid, Child>> handle(
      AnySupervisor.Request request, From from, Map<Pid, Child> children) {
    if (!(request instanceof Request mine)) {
      return refuse(from, children);
    }
    return switch (mine) {
      case Request.StartChild(ChildSpec child) -> reply(startChild(child, children), children);
      case Request.Divert(Optional<UnaryOperator<ChildSpec>> starts) -> {
        diversion = starts;
        yield reply(true, children);
      }
      case Request.TerminateChild(Pid pid) -> reply(terminateChild(pid, children), children);
      case Request.WhichChildren() -> reply(shown(children), children);
      case Request.CountChildren() -> reply(Supervision.count(children.values()), children);
    };
  }

  private StartResult startChild(ChildSpec asked, Map<Pid, Child> children) {
    var child = diversion.map(starts -> starts.apply(asked)).orElse(asked);
    var problem = Supervisor.checkChildspecs(List.of(child), AutoShutdown.NEVER);
    if (problem.isPresent()) {
      return new StartResult.Failed(problem.get());
    }
    if (children.size() >= spec.maxChildren()) {
      return new StartResult.Failed(ExitReason.of("max_children"));
    }
    var result = Supervision.start(child, spec.extraArguments());
    if (result instanceof StartResult.Ok(Pid pid, _)) {
      var started = new Child(child);
      started.started(pid, node());
      children.put(pid, started);
    }
    return result;
  }

  private static Supervisor.Outcome terminateChild(Pid pid, Map<Pid, Child> children) {
    var child = children.remove(pid);
    if (child == null) {
      return Supervisor.Outcome.NOT_FOUND;
    }
    Supervision.endAll(List.of(child));
    child.stopped();
    return Supervisor.Outcome.OK;
  }

  private static List<Supervisor.Child> shown(Map<Pid, Child> children) {
    return children.values().stream().map(child -> child.shown(null)).toList();
  }

  @Override
  Result<Map<Pid, Child>> ended(Pid pid, ExitReason reason, Map<Pid, Child> children) {
    var child = children.get(pid);
    if (child == null) {
      return noReply(children);
    }
    if (mustRestart(child, reason)) {
      return restart(child, reason, children);
    }
    Supervision.reportGone(child, reason);
    children.remove(pid);
    return noReply(children);
  }

  @Override
  Result<Map<Pid, Child>> restart(Child child, ExitReason reason, Map<Pid, Child> children) {
    if (!count(child, reason)) {
      children.remove(child.lastPid());
      return stop(ExitReason.SHUTDOWN, children);
    }
    var wait = child.nextBackoff(node());
    if (wait.isZero()) {
      return startAgain(child, reason, children);
    }
    Supervision.reportBackoff(child, reason, wait);
    process().sendAfter(self(), child.restarting(true, reason), wait);
    return noReply(children);
  }

  @Override
  Result<Map<Pid, Child>> startAgain(Child child, ExitReason reason, Map<Pid, Child> children) {
    var before = child.lastPid();
    var result = Supervision.start(child.spec, spec.extraArguments());
    switch (result) {
      case StartResult.Ok(Pid pid, _) -> {
        children.remove(before);
        child.restarted(pid, node());
        children.put(pid, child);
        reportRestarted(child, reason);
      }
      case StartResult.Ignore() -> children.remove(before);
      case StartResult.AlreadyStarted _, StartResult.Failed _ -> {
        var failure = Supervision.failure(result);
        Supervision.reportNotStarted(child.spec, failure);
        process().send(self(), child.restarting(false, failure));
      }
    }
    return noReply(children);
  }

  @Override
  void endAll(Map<Pid, Child> children) {
    Supervision.endAll(children.values());
  }

  @Override
  public @Nullable Object formatStatus(Map<Pid, Child> children) {
    return Supervision.count(children.values()); // there may be very many
  }
}
