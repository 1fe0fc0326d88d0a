package dev.genserver.runtime;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.Result;
import dev.genserver.sdk.Shutdown;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.Supervisor;
import dev.genserver.sdk.SupervisorSpec;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Starts children in order, starts again those that end, and ends them in reverse order.
///
/// A child that ends is started again by itself (one_for_one). Too many restarts within the period
/// end the supervisor, as `shutdown`, after its children. A restart that fails counts as one more
/// restart and is tried again, after the messages that wait by then.
///
/// @otp supervisor, strategy one_for_one
final class SupervisorServer
    extends GenServer<SupervisorServer.State, SupervisorServer.Request, SupervisorServer.NoCasts>
    implements Supervising {

  private static final System.Logger LOG = System.getLogger(SupervisorServer.class.getName());

  /// What a supervisor can be asked.
  public sealed interface Request {

    /// Starts one more child; the reply is a [StartResult]. A child that cannot start is not kept.
    record StartChild(ChildSpec spec) implements Request {}

    /// Lists the children, the newest first; the reply is a list of [Supervisor.Child].
    record WhichChildren() implements Request {}
  }

  /// A supervisor takes no casts.
  public sealed interface NoCasts permits Never {}

  private record Never() implements NoCasts {}

  /// One child.
  ///
  /// @param pid empty while it does not run
  public record Child(ChildSpec spec, Optional<Pid> pid) {}

  /// The children in starting order, and when the last restarts were.
  public record State(List<Child> children, RestartWindow restarts) {
    State with(List<Child> next) {
      return new State(List.copyOf(next), restarts);
    }
  }

  private record TryAgain(String id) {}

  private final SupervisorSpec spec;

  SupervisorServer(SupervisorSpec spec) {
    this.spec = spec;
  }

  @Override
  public Init<State> init(Args args) {
    process().trapExit(true);
    var state = new State(List.of(), new RestartWindow(spec.intensity(), spec.period()));
    var duplicate = duplicateId();
    if (duplicate != null) {
      return stop(
          ExitReason.of(
              "{start_spec, duplicate_child_name}: two children have the id '" + duplicate + "'"));
    }
    for (var child : spec.children()) {
      switch (start(child)) {
        case StartResult.Ok(Pid pid, _) -> state = add(state, new Child(child, Optional.of(pid)));
        case StartResult.Ignore() -> state = addIgnored(state, child);
        case StartResult.AlreadyStarted(Pid pid) -> {
          return cannotStart(state, child, ExitReason.of("already_started " + pid));
        }
        case StartResult.Failed(ExitReason reason) -> {
          return cannotStart(state, child, reason);
        }
      }
    }
    return ok(state);
  }

  private @Nullable String duplicateId() {
    var ids = new HashSet<String>();
    for (var child : spec.children()) {
      if (!ids.add(child.id())) {
        return child.id();
      }
    }
    return null;
  }

  private static Init<State> cannotStart(State state, ChildSpec child, ExitReason reason) {
    endChildren(state);
    return stop(ExitReason.shutdown(new Supervisor.FailedToStartChild(child.id(), reason)));
  }

  @Override
  public CallResult<State> handleCall(Request request, From from, State state) {
    return switch (request) {
      case Request.WhichChildren() ->
          reply(
              state.children().reversed().stream()
                  .map(child -> new Supervisor.Child(child.spec().id(), child.pid()))
                  .toList(),
              state);
      case Request.StartChild(ChildSpec child) -> startChild(child, state);
    };
  }

  private static CallResult<State> startChild(ChildSpec child, State state) {
    var present = find(state, child.id());
    if (present != null) {
      var result =
          present
              .pid()
              .<StartResult>map(StartResult.AlreadyStarted::new)
              .orElseGet(() -> new StartResult.Failed(ExitReason.of("already_present")));
      return reply(result, state);
    }
    var result = start(child);
    return switch (result) {
      case StartResult.Ok(Pid pid, _) ->
          reply(result, add(state, new Child(child, Optional.of(pid))));
      case StartResult.Ignore() -> reply(result, addIgnored(state, child));
      case StartResult.AlreadyStarted _, StartResult.Failed _ -> reply(result, state);
    };
  }

  @Override
  public Result<State> handleInfo(InfoMessage message, State state) {
    return switch (message) {
      case InfoMessage.Exit(Pid pid, ExitReason reason) -> ended(pid, reason, state);
      case InfoMessage.Message(TryAgain(String id)) -> tryAgain(id, state);
      case InfoMessage.Message _, InfoMessage.Timeout _, InfoMessage.Down _, InfoMessage.Reply _ ->
          noReply(state);
    };
  }

  private static Result<State> ended(Pid pid, ExitReason reason, State state) {
    for (var child : state.children()) {
      if (child.pid().filter(pid::equals).isPresent()) {
        return switch (child.spec().restart()) {
          case PERMANENT -> restart(child, reason, state);
          case TRANSIENT ->
              ExitReason.isExpected(reason)
                  ? noReply(replace(state, new Child(child.spec(), Optional.empty())))
                  : restart(child, reason, state);
          case TEMPORARY -> noReply(remove(state, child));
        };
      }
    }
    return noReply(state);
  }

  private static Result<State> tryAgain(String id, State state) {
    var child = find(state, id);
    return child == null || child.pid().isPresent()
        ? noReply(state)
        : restart(child, ExitReason.of("restart failed"), state);
  }

  private static Result<State> restart(Child child, ExitReason reason, State state) {
    var spec = child.spec();
    var now = context().process().node.time().nanoTime();
    var stopped = replace(state, new Child(spec, Optional.empty()));
    var counted = state.restarts().restartedAt(now);
    if (counted.isExceeded()) {
      LOG.log(
          Level.ERROR,
          "restarts exhausted child={0} supervisor={1} reason={2} limit={3} period={4}",
          spec.id(),
          self(),
          reason,
          counted.intensity(),
          counted.period());
      return stop(ExitReason.SHUTDOWN, stopped);
    }
    var next = new State(stopped.children(), counted);
    return switch (start(spec)) {
      case StartResult.Ok(Pid pid, _) -> {
        LOG.log(
            Level.WARNING,
            "process restarted child={0} pid={1} reason={2} restarts={3}/{4} period={5}",
            spec.id(),
            pid,
            reason,
            counted.count(),
            counted.intensity(),
            counted.period());
        yield noReply(replace(next, new Child(spec, Optional.of(pid))));
      }
      case StartResult.Ignore() ->
          noReply(spec.restart() == Restart.TEMPORARY ? remove(next, child) : next);
      case StartResult.AlreadyStarted _, StartResult.Failed _ -> {
        process().send(self(), new TryAgain(spec.id()));
        yield noReply(next);
      }
    };
  }

  @Override
  public void terminate(ExitReason reason, State state) {
    endChildren(state);
  }

  // Children.

  private static StartResult start(ChildSpec child) {
    try {
      return switch (child.start()) {
        case ChildSpec.Start.Server(var factory, var options) ->
            process().startLink(factory.get(), options);
        case ChildSpec.Start.Tree(var tree, var options) -> process().startLink(tree, options);
        case ChildSpec.Start.Function(var function) -> function.get();
      };
    } catch (ProcessEnded ended) {
      throw ended; // this supervisor itself
    } catch (RuntimeException | LinkageError thrown) {
      return new StartResult.Failed(ExitReason.thrown(thrown));
    }
  }

  /// Ends the children, the last one first.
  private static void endChildren(State state) {
    state.children().reversed().forEach(child -> child.pid().ifPresent(pid -> end(child, pid)));
  }

  private static void end(Child child, Pid pid) {
    var process = context();
    switch (child.spec().shutdown()) {
      case Shutdown.BrutalKill() -> process.exit(pid, ExitReason.KILL);
      case Shutdown.After(var timeout) -> {
        process.exit(pid, ExitReason.SHUTDOWN);
        if (!process.awaitEnd(pid, timeout)) {
          LOG.log(
              Level.WARNING,
              "process killed child={0} pid={1} reason=shutdown took longer than {2}",
              child.spec().id(),
              pid,
              timeout);
          process.exit(pid, ExitReason.KILL);
        }
      }
    }
  }

  private static @Nullable Child find(State state, String id) {
    for (var child : state.children()) {
      if (child.spec().id().equals(id)) {
        return child;
      }
    }
    return null;
  }

  private static State add(State state, Child child) {
    var children = new ArrayList<>(state.children());
    children.add(child);
    return state.with(children);
  }

  /// A child whose init said ignore stays as one that does not run, unless it is temporary.
  private static State addIgnored(State state, ChildSpec child) {
    return child.restart() == Restart.TEMPORARY
        ? state
        : add(state, new Child(child, Optional.empty()));
  }

  private static State replace(State state, Child next) {
    return state.with(
        state.children().stream()
            .map(child -> child.spec().id().equals(next.spec().id()) ? next : child)
            .toList());
  }

  private static State remove(State state, Child gone) {
    return state.with(
        state.children().stream()
            .filter(child -> !child.spec().id().equals(gone.spec().id()))
            .toList());
  }

  private static Context context() {
    return (Context) ProcessContext.current();
  }
}
