package dev.genserver.daemon.admin;

import dev.genserver.daemon.text.Names;
import dev.genserver.runtime.Crash;
import dev.genserver.runtime.Node;
import dev.genserver.runtime.ProcessInfo;
import dev.genserver.runtime.ProcessInfo.Counters;
import dev.genserver.runtime.Related;
import dev.genserver.runtime.Why;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerName;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the node knows of its processes without asking them, in the form of replies.
///
/// @param asker the process that looks, which is not looked at
record Snapshots(Node node, Pid asker) {

  /// How many lines one reply has at most, so that it fits a frame.
  static final int MOST_LINES = 1_000;

  /// How many are told of those that are linked to a process, monitor it, and so on.
  private static final int MOST_RELATED = 100;

  /// The older first.
  static final Comparator<Pid> BY_AGE = Comparator.comparingLong(Pid::serial);

  List<Map<String, Object>> list(Optional<Pid> after, Optional<Integer> limit) {
    var last = after.map(Pid::serial).orElse(0L);
    return node.inspect().stream()
        .filter(info -> info.pid().serial() > last && !info.pid().equals(asker))
        .sorted(Comparator.comparing(ProcessInfo::pid, BY_AGE))
        .limit(Math.clamp(limit.orElse(MOST_LINES), 0, MOST_LINES))
        .map(Snapshots::line)
        .toList();
  }

  Map<String, Object> info(Pid pid) {
    return all(node.inspect(pid).orElseThrow(() -> gone(pid)));
  }

  Map<String, Object> why(Pid pid) {
    var why = node.why(pid).orElseThrow(() -> gone(pid));
    var about = why.process();
    return new JsonObject()
        .with("name", name(about))
        .with("pid", about.pid())
        .with("kind", word(about.kind()))
        .with("server", about.code())
        .with("status", word(about.status()))
        .with("queued", about.queued())
        .with("now", why.doing().map(Snapshots::doing))
        .with("waits_for", why.waitsFor().stream().map(Snapshots::waitsFor).toList())
        .with("waiting", why.waiting().stream().map(Snapshots::waiting).toList())
        .with("last_crash", why.lastCrash().map(Snapshots::crash))
        .toMap();
  }

  /// Of a process that has crashed and does not run.
  ///
  /// @param process its name, or the text of its pid
  static Map<String, Object> whyGone(String process, Crash crash) {
    return new JsonObject()
        .with("name", process.startsWith("<") ? null : process)
        .with("pid", crash.pid())
        .with("status", "not_running")
        .with("last_crash", crash(crash))
        .toMap();
  }

  Map<String, Object> relations(Pid pid) {
    var related = node.related(pid, MOST_RELATED).orElseThrow(() -> gone(pid));
    var about = node.inspect(pid).orElseThrow(() -> gone(pid));
    return new JsonObject()
        .with("name", name(about))
        .with("pid", pid)
        .with("parent", about.parent().map(this::peer))
        .with("links", peers(related.links()))
        .with("monitoring", peers(related.monitoring()))
        .with("monitored_by", peers(related.monitoredBy()))
        .with("owes", related.owed().stream().map(Snapshots::waiting).toList())
        .with("owes_in_all", related.owedInAll())
        .toMap();
  }

  private Map<String, Object> peer(Pid pid) {
    return new JsonObject()
        .with("name", node.inspect(pid).flatMap(Snapshots::name))
        .with("pid", pid)
        .toMap();
  }

  private static List<Map<String, Object>> peers(List<Related.Peer> peers) {
    return peers.stream()
        .map(peer ->
            new JsonObject()
                .with("name", peer.process() instanceof ServerName name ? text(name) : null)
                .with("pid", peer.pid())
                .toMap())
        .toList();
  }

  private static Refusal gone(Pid pid) {
    return Refusal.noProcess(pid.toString(), List.of());
  }

  static Map<String, Object> line(ProcessInfo info) {
    return new JsonObject()
        .with("name", name(info))
        .with("pid", info.pid())
        .with("kind", word(info.kind()))
        .with("server", info.code())
        .with("status", word(info.status()))
        .with("queued", info.queued())
        .with("restarts", info.restarts())
        .with("parent", info.parent())
        .with("received", info.counters().map(Counters::received))
        .with("busy_ms", info.busy().map(Duration::toMillis))
        .toMap();
  }

  private static Map<String, Object> all(ProcessInfo info) {
    var counters = info.counters();
    return new JsonObject()
        .with("name", name(info))
        .with("pid", info.pid())
        .with("kind", word(info.kind()))
        .with("server", info.code())
        .with("status", word(info.status()))
        .with("parent", info.parent())
        .with("restarts", info.restarts())
        .with("queued", info.queued())
        .with("max_queue", info.maxQueue())
        .with("received", counters.map(Counters::received))
        .with("replied", counters.map(Counters::replied))
        .with("failed", counters.map(Counters::failed))
        .with("expired", counters.map(Counters::expired))
        .with("busy_ms", info.busy().map(Duration::toMillis))
        .with("links", info.links())
        .with("monitoring", info.monitoring())
        .with("monitored_by", info.monitoredBy())
        .with("traps_exits", info.trapsExits())
        .with("cpu_bound", info.cpuBound())
        .toMap();
  }

  private static Map<String, Object> doing(Why.Doing doing) {
    return new JsonObject()
        .with("message", doing.message())
        .with("for_ms", doing.since().toMillis())
        .with("trace_id", doing.traceId())
        .with("stack", doing.stack().stream().map(StackTraceElement::toString).toList())
        .toMap();
  }

  private static Map<String, Object> waitsFor(Why.WaitsFor wait) {
    return new JsonObject()
        .with("name", wait.process() instanceof ServerName name ? text(name) : null)
        .with("pid", wait.pid())
        .with("what", wait.what())
        .with("for_ms", wait.since().toMillis())
        .toMap();
  }

  private static Map<String, Object> waiting(Why.Waiting message) {
    return new JsonObject()
        .with("kind", message.kind())
        .with("message", message.message())
        .with("from", message.from())
        .with("age_ms", message.age().map(Duration::toMillis))
        .toMap();
  }

  private static Map<String, Object> crash(Crash crash) {
    return new JsonObject()
        .with("pid", crash.pid())
        .with("ago_ms", Math.max(0, Duration.between(crash.at(), Instant.now()).toMillis()))
        .with("reason", crash.reason())
        .with("message", crash.message())
        .with("state", crash.state())
        .with("trace_id", crash.traceId())
        .with("stack", ownFrames(crash.stack()).stream().map(StackTraceElement::toString).toList())
        .toMap();
  }

  /// The frames above those of the runtime, which are the same for all.
  private static List<StackTraceElement> ownFrames(List<StackTraceElement> stack) {
    return stack.stream()
        .takeWhile(frame -> !frame.getClassName().startsWith(Node.class.getPackageName() + "."))
        .toList();
  }

  static Optional<String> name(ProcessInfo info) {
    return info.name().map(Snapshots::text);
  }

  static String text(ServerName name) {
    return name instanceof ServerName.Local(String local) ? local : name.toString();
  }

  static String word(Enum<?> constant) {
    return Names.snakeCase(constant.name());
  }
}
