package dev.genserver.daemon.request;

import dev.genserver.daemon.access.AccessControl;
import dev.genserver.daemon.access.FailedLogins;
import dev.genserver.daemon.access.Principal;
import dev.genserver.daemon.access.Right;
import dev.genserver.daemon.metrics.Meters;
import dev.genserver.daemon.trace.Traces;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.WireError;
import dev.genserver.runtime.Node;
import dev.genserver.runtime.ProcessInfo;
import dev.genserver.runtime.Recipient;
import dev.genserver.runtime.TraceContext;
import dev.genserver.runtime.TraceContext.Op;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerName;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where all requests from outside pass: says who may do what, finds the process, and counts and
/// notes who was turned away. One for the whole daemon. Thread-safe, and never blocks.
public final class Gate {

  private static final System.Logger LOG = System.getLogger(Gate.class.getName());

  /// Among how many names one is looked for that may be meant.
  private static final int MOST_SUGGESTED_FROM = 1_000;

  /// How often that is done: it compares a name with all.
  private static final int SUGGESTIONS_A_SECOND = 100;

  private final Node node;
  private final AccessControl access;
  private final FailedLogins failedLogins = new FailedLogins(System::nanoTime);
  private final RateLimit suggestions = new RateLimit(SUGGESTIONS_A_SECOND, System::nanoTime);
  private final Counters counters = new Counters();
  private final Meters meters = new Meters();
  private final Traces traces;

  /// One that records no traces.
  public Gate(Node node, AccessControl access) {
    this(node, access, Traces.NONE);
  }

  public Gate(Node node, AccessControl access, Traces traces) {
    this.node = node;
    this.access = access;
    this.traces = traces;
  }

  public AccessControl access() {
    return access;
  }

  public Counters counters() {
    return counters;
  }

  /// Where requests and answers are counted.
  public Meters meters() {
    return meters;
  }

  // Logging in.

  /// Counts and notes a login that failed.
  ///
  /// @return how long its answer has to wait
  public Duration loginFailed(Visitor visitor, String reason) {
    counters.failedLogins.increment();
    var verdict = failedLogins.add(visitor.remote().getAddress());
    if (verdict.isLogged()) {
      LOG.log(
          Level.WARNING,
          "login failed peer={0} failures={1} reason={2}",
          visitor.peerAddress(),
          verdict.count(),
          reason);
    }
    return verdict.delay();
  }

  // What visitors may do.

  /// Why the visitor may not do that; null if it may. A refusal is counted and noted.
  ///
  /// @param to a name or a pid, of somebody who need not be there
  public @Nullable WireError refusal(Visitor visitor, Right right, String to) {
    var who = visitor.principal();
    if (who.isPresent() && (who.get().rights().allowAny(right) || allows(who.get(), right, to))) {
      return null;
    }
    var name = who.map(Principal::toString).orElse("?");
    noteForbidden(visitor, name, right.toString(), to);
    return WireError.refused(
        ErrorCode.FORBIDDEN,
        "%s may not %s '%s'; the daemon's operator grants that under 'principals'"
            .formatted(name, right, to));
  }

  /// Why the visitor may not look at the daemon as its administrators do; null if it may.
  ///
  /// @param what it asks for
  public @Nullable WireError adminRefusal(Visitor visitor, String what) {
    var who = visitor.principal();
    if (who.isPresent() && who.get().rights().admin()) {
      return null;
    }
    var name = who.map(Principal::toString).orElse("?");
    noteForbidden(visitor, name, "admin", what);
    return WireError.refused(
        ErrorCode.FORBIDDEN,
        "%s may not see %s, which takes 'admin'; the daemon's operator grants that under 'principals'"
            .formatted(name, what));
  }

  private void noteForbidden(Visitor visitor, String who, String right, String to) {
    counters.forbidden.increment();
    var count = visitor.countForbidden();
    if (Long.bitCount(count) == 1) {
      LOG.log(
          Level.WARNING,
          "request forbidden peer={0} principal={1} right={2} to={3} refused={4}",
          visitor.peerAddress(),
          who,
          right,
          to,
          count);
    }
  }

  private boolean allows(Principal who, Right right, String to) {
    return isPid(to) ? who.rights().allow(right, nameOf(to)) : who.rights().allow(right, to);
  }

  private Optional<String> nameOf(String pid) {
    return Pid.parse(pid).flatMap(node::inspect).flatMap(Gate::localName);
  }

  private static Optional<String> localName(ProcessInfo process) {
    return process
        .name()
        .flatMap(name ->
            name instanceof ServerName.Local(String local) ? Optional.of(local) : Optional.empty());
  }

  // Traces.

  /// What a request that goes to a process has of a trace.
  ///
  /// @param traceparent as the visitor has sent it
  /// @return null for none
  public @Nullable TraceContext trace(
      Visitor visitor, Op op, String to, Recipient recipient, @Nullable String traceparent) {
    var brought = TraceContext.of(traceparent);
    return traces.records(brought)
        ? traces.begin(op, to, recipient, brought, nameOf(visitor))
        : brought;
  }

  /// Records a request that goes nowhere, if it is one of those that are recorded.
  public void traceRefusal(
      Visitor visitor, Op op, String to, @Nullable String traceparent, ErrorCode why) {
    var brought = TraceContext.of(traceparent);
    if (traces.records(brought)) {
      traces.begin(op, to, null, brought, nameOf(visitor)).failed(why, Executed.NO);
    }
  }

  private static String nameOf(Visitor visitor) {
    return visitor.principal().map(Principal::toString).orElse("?");
  }

  // Where requests go.

  /// The process that has the name or pid.
  public Optional<Recipient> find(String to) {
    return isPid(to) ? Pid.parse(to).flatMap(node::locate) : node.locate(to);
  }

  private static boolean isPid(String to) {
    return to.charAt(0) == '<';
  }

  /// The names that may be suggested to the visitor; none where there are too many to compare them
  /// all.
  public List<String> suggestions(Visitor visitor, Right right) {
    var rights = visitor.principal().map(Principal::rights);
    return rights.isPresent() && node.nameCount() <= MOST_SUGGESTED_FROM && suggestions.tryTake()
        ? node.names().stream().filter(name -> rights.get().allow(right, name)).toList()
        : List.of();
  }
}
