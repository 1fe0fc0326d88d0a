package dev.genserver.daemon.admin;

import dev.genserver.daemon.plugin.Plugins;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.WireError;
import dev.genserver.runtime.Node;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallException;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Result;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The process `sys.processes`, by which a daemon's processes are looked into and administered.
///
/// It never waits for another process and runs no code of plugins, be it a `toString`: that is done
/// by a process made for each request, which is killed when the asker's time is up. So one process
/// that is stuck does not keep an operator from looking at it, nor at the others.
///
/// A refusal is a [WireError], which the wire sends as the call's error.
public final class SysProcesses extends GenServer<SysProcesses.State, SysRequest, Void> {

  /// What it is registered under.
  public static final String NAME = "sys.processes";

  private static final System.Logger LOG = System.getLogger(SysProcesses.class.getName());

  /// How many processes may be traced at once.
  private static final int MOST_TRACED = 100;

  /// A trace that nobody has asked about for so long is switched off.
  private static final Duration UNWATCHED = Duration.ofSeconds(30);

  /// A request that sets no limit gets this one.
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /// How much earlier than its asker it gives up, to be the one who says why.
  private static final Duration MARGIN = Duration.ofMillis(200);

  /// What it remembers between two requests.
  ///
  /// @param traces by what the operator calls the process
  public record State(Map<String, Feed> traces) {

    public State {
      traces = Map.copyOf(traces);
    }

    State with(String process, Feed feed) {
      var next = new HashMap<>(traces);
      next.put(process, feed);
      return new State(next);
    }

    State without(String process) {
      var next = new HashMap<>(traces);
      next.remove(process);
      return new State(next);
    }
  }

  /// The time of a request that `helper` works on is up.
  private record TimeIsUp(Pid helper, From from, String process, Duration limit) {}

  /// A trace has news for those who wait.
  private record News(Feed feed) {}

  /// Somebody has waited for events for as long as they wanted.
  private record NoNews(Feed feed, From from) {}

  /// Time to see whether anybody still wants a trace.
  private record Unwatched(String process) {}

  private final Node node;
  private final Directory directory;
  private final Plugins plugins;
  private final int maxQueue;
  private final Audit audit;

  /// @param root the daemon's own supervisor
  /// @param maxQueue the bound of the mailboxes of processes that are started
  /// @param wire tells who asks
  public SysProcesses(Node node, Pid root, Plugins plugins, int maxQueue, Wire wire) {
    this.node = node;
    this.directory = new Directory(node, root);
    this.plugins = plugins;
    this.maxQueue = maxQueue;
    this.audit = new Audit(wire);
  }

  @Override
  public Init<State> init(Args args) {
    node.protect(self());
    return ok(new State(Map.of()));
  }

  @Override
  public CallResult<State> handleCall(SysRequest request, From from, State state) {
    request.act().ifPresent(act -> audit.note(act, from));
    try {
      return switch (request) {
        case SysRequest.List(Optional<Pid> after, Optional<Integer> limit) ->
            later(from, NAME, state, _ -> snapshots().list(after, limit));
        case SysRequest.Find find ->
            later(from, NAME, state, _ -> new Search(node, self(), plugins).find(find));
        case SysRequest.Info(String process) ->
            later(from, process, state, _ -> snapshots().info(directory.find(process)));
        case SysRequest.Describe(String process, Optional<Boolean> schema) ->
            later(from, process, state, _ -> describe(process, schema.orElse(false)));
        case SysRequest.Relations(String process) ->
            later(from, process, state, _ -> snapshots().relations(directory.find(process)));
        case SysRequest.Why(String process) -> later(from, process, state, _ -> why(process));
        case SysRequest.Tree() -> later(from, NAME, state, _ -> tree());
        case SysRequest.GetState(String process) ->
            later(from, process, state, limit -> ask(process, limit).state());
        case SysRequest.GetStatus(String process) ->
            later(from, process, state, limit -> ask(process, limit).status());
        case SysRequest.ReplaceState(String process, Object next) ->
            later(
                from,
                process,
                state,
                limit -> ask(directory.hosted(process), limit).replaceState(next));
        case SysRequest.Suspend(String process) ->
            later(from, process, state, limit -> ask(directory.hosted(process), limit).suspend());
        case SysRequest.Resume(String process) ->
            later(from, process, state, limit -> ask(process, limit).resume());
        case SysRequest.Statistics(String process, Optional<Boolean> enabled) ->
            later(from, process, state, limit -> ask(process, limit).statistics(enabled));
        case SysRequest.Start start ->
            later(from, start.name(), state, _ -> lifecycle().start(start));
        case SysRequest.Stop(String process) ->
            later(
                from, process, state, limit -> lifecycle().stop(directory.hosted(process), limit));
        case SysRequest.Restart(String process) ->
            later(from, process, state, _ -> lifecycle().restart(directory.hosted(process)));
        case SysRequest.Trace trace -> trace(from, trace, state);
      };
    } catch (Refusal refusal) {
      return reply(refusal.error(), state);
    }
  }

  @Override
  public Result<State> handleInfo(InfoMessage message, State state) {
    switch (message) {
      case InfoMessage.Message(TimeIsUp up) -> giveUp(up);
      case InfoMessage.Message(News(Feed feed)) ->
          feed.answers().forEach(answer -> answer.from().reply(answer.events()));
      case InfoMessage.Message(NoNews(Feed feed, From from)) -> from.reply(feed.since(feed.next()));
      case InfoMessage.Message(Unwatched(String process)) -> {
        return noReply(switchOffIfUnwatched(process, state));
      }
      case InfoMessage.Down(_, Pid ended, ExitReason reason) ->
          state.traces().values().forEach(feed -> feed.ended(ended, reason));
      case InfoMessage _ -> super.handleInfo(message, state);
    }
    return noReply(state);
  }

  @Override
  public void terminate(ExitReason reason, State state) {
    state.traces().values().forEach(this::switchOff);
  }

  // What is done by helpers.

  /// What a helper does about a request.
  private interface Work {

    /// @param limit for how long the asker waits
    @Nullable Object run(Duration limit);
  }

  /// Has the request worked on by a process of its own, for no longer than the asker waits.
  private CallResult<State> later(From from, String process, State state, Work work) {
    var limit = limit(from);
    var helper =
        process()
            .spawn(() -> {
              node.protect(self());
              from.reply(attempt(process, limit, work));
            });
    process().sendAfter(self(), new TimeIsUp(helper, from, process, limit), limit);
    return noReply(state);
  }

  /// Somewhat less than the asker still waits.
  private static Duration limit(From from) {
    var remaining = from.remaining().orElse(LONGEST);
    var margin = remaining.dividedBy(10);
    return remaining.minus(margin.compareTo(MARGIN) < 0 ? margin : MARGIN);
  }

  private static Duration patience(From from, Optional<Long> waitMs) {
    var limit = limit(from);
    return waitMs
        .map(wait -> Duration.ofMillis(Math.clamp(wait, 0, limit.toMillis())))
        .orElse(limit);
  }

  /// The reply: what the work gives, or why it did not come to it.
  private @Nullable Object attempt(String process, Duration limit, Work work) {
    try {
      return work.run(limit);
    } catch (Refusal refusal) {
      return refusal.error();
    } catch (CallException failed) {
      return Refusal.of(failed, process, limit).error();
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      LOG.log(Level.ERROR, "administration failed process=" + process, e);
      return new WireError(
          ErrorCode.INTERNAL,
          "'%s': %s; the daemon's log has the whole of it".formatted(process, e),
          Executed.MAYBE,
          Map.of());
    }
  }

  private void giveUp(TimeIsUp up) {
    process().exit(up.helper(), ExitReason.KILL);
    if (up.from().isWaiting()) {
      up.from().reply(Refusal.timeout(up.process(), up.limit()).error());
    }
  }

  // For the helpers.

  /// One that does not run, and whose last crash is known, is told of too.
  private Map<String, Object> why(String process) {
    return directory
        .lookUp(process)
        .map(snapshots()::why)
        .or(() -> directory.lastCrash(process).map(crash -> Snapshots.whyGone(process, crash)))
        .orElseThrow(() -> Refusal.noProcess(process, node.names()));
  }

  private Snapshots snapshots() {
    return new Snapshots(node, self());
  }

  private Object describe(String process, boolean schema) {
    return new Description(process, directory.find(process), node, plugins, schema).toMap();
  }

  private Object tree() {
    return new ProcessTree(process(), node).of(directory.root(), "genserverd");
  }

  private SysCalls ask(String process, Duration limit) {
    var pid = directory.find(process);
    return new SysCalls(process, pid, process().sys().within(limit).urgently(), node);
  }

  private Lifecycle lifecycle() {
    return new Lifecycle(process(), node, directory, plugins, maxQueue);
  }

  // Traces.

  private CallResult<State> trace(From from, SysRequest.Trace request, State state) {
    var process = request.process();
    var feed = state.traces().get(process);
    if (feed == null) {
      directory.find(directory.hosted(process));
      feed = begin(process, state);
    }
    var next = state.with(process, feed);
    var seen = request.after().orElse(feed.next());
    var living = directory.lookUp(process);
    if (living.isPresent() && !living.equals(feed.traced())) {
      return attach(from, process, living.get(), feed, seen, next);
    }
    if (living.isEmpty() && seen >= feed.next()) {
      throw Refusal.noProcess(process, node.names());
    }
    var events = feed.poll(from, seen);
    if (events.isPresent()) {
      return reply(events.get(), next);
    }
    process().sendAfter(self(), new NoNews(feed, from), patience(from, request.waitMs()));
    return noReply(next);
  }

  private Feed begin(String process, State state) {
    if (state.traces().size() >= MOST_TRACED) {
      throw Refusal.overloaded(
          "%,d processes are traced, as many as may be; end another trace first"
              .formatted(MOST_TRACED),
          MOST_TRACED);
    }
    process().sendAfter(self(), new Unwatched(process), UNWATCHED);
    var me = self();
    return new Feed(node.time()::nanoTime, feed -> node.send(me, new News(feed)));
  }

  /// Has an incarnation of the process tell the feed what it does.
  private CallResult<State> attach(
      From from, String process, Pid pid, Feed feed, long seen, State state) {
    feed.monitor().ifPresent(process()::demonitor);
    feed.attach(pid, process().monitor(pid));
    return later(
        from,
        process,
        state,
        limit -> {
          try {
            process().sys().within(limit).urgently().trace(pid, feed);
            return feed.since(seen);
          } catch (CallException failed) {
            feed.detach(pid);
            throw failed;
          }
        });
  }

  private State switchOffIfUnwatched(String process, State state) {
    var feed = state.traces().get(process);
    if (feed == null) {
      return state;
    }
    var left = UNWATCHED.minus(feed.unwatched());
    if (left.isPositive()) {
      process().sendAfter(self(), new Unwatched(process), left);
      return state;
    }
    switchOff(feed);
    return state.without(process);
  }

  private void switchOff(Feed feed) {
    feed.close();
    feed.monitor().ifPresent(process()::demonitor);
    feed.traced().ifPresent(pid -> process().spawn(() -> untrace(pid, feed)));
  }

  private static void untrace(Pid pid, Feed feed) {
    try {
      process().sys().urgently().untrace(pid, feed);
    } catch (CallException gone) {
      // It has ended, or is stuck; a feed that is closed takes nothing more.
      LOG.log(Level.DEBUG, "trace not taken away pid={0} reason={1}", pid, gone.reason());
    }
  }
}
