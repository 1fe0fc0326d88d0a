package dev.genserver.daemon.admin;

import dev.genserver.daemon.plugin.LoadedPlugin;
import dev.genserver.daemon.plugin.Plugins;
import dev.genserver.runtime.Node;
import dev.genserver.runtime.ProcessInfo;
import dev.genserver.sdk.Pid;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Finds processes among all, and gives a window of them in the order that is asked for, in the
/// form of a reply. Does not ask the processes.
///
/// @param asker the process that looks, which is not looked at
record Search(Node node, Pid asker, Plugins plugins) {

  /// In which order processes stand. Those that are equal stand by age.
  enum Order {
    AGE,
    NAME,
    SERVER,
    STATUS,
    QUEUED,
    RESTARTS,
    RECEIVED,
    BUSY
  }

  /// How many lines there are where no limit is said.
  private static final int LINES = 100;

  /// Stands behind all names.
  private static final String NAMELESS = "\uffff";

  Map<String, Object> find(SysRequest.Find wanted) {
    var all = node.inspect().stream().filter(info -> !info.pid().equals(asker)).toList();
    var order = order(wanted.sort().orElse(Order.AGE), wanted.descending().orElse(false));
    var matching = all.stream().filter(filter(wanted)).sorted(order).toList();
    var lines =
        matching.stream()
            .skip(Math.clamp(wanted.offset().orElse(0), 0, matching.size()))
            .limit(Math.clamp(wanted.limit().orElse(LINES), 0, Snapshots.MOST_LINES))
            .map(Snapshots::line)
            .toList();
    return new JsonObject()
        .with("total", all.size())
        .with("matching", matching.size())
        .with("lines", lines)
        .toMap();
  }

  private static Comparator<ProcessInfo> order(Order order, boolean descending) {
    var byAge = Comparator.comparing(ProcessInfo::pid, Snapshots.BY_AGE);
    Comparator<ProcessInfo> ascending =
        switch (order) {
          case AGE -> byAge;
          case NAME -> Comparator.comparing(info -> Snapshots.name(info).orElse(NAMELESS));
          case SERVER -> Comparator.comparing(ProcessInfo::code);
          case STATUS -> Comparator.comparing(ProcessInfo::status);
          case QUEUED -> Comparator.comparingInt(ProcessInfo::queued);
          case RESTARTS -> Comparator.comparingInt(ProcessInfo::restarts);
          case RECEIVED -> Comparator.comparingLong(Search::received);
          case BUSY -> Comparator.comparingLong(Search::busyNanos);
        };
    return (descending ? ascending.reversed() : ascending).thenComparing(byAge);
  }

  private Predicate<ProcessInfo> filter(SysRequest.Find wanted) {
    Predicate<ProcessInfo> all = _ -> true;
    return all.and(wanted.kind().map(Search::isOfKind).orElse(all))
        .and(wanted.status().map(Search::hasStatus).orElse(all))
        .and(wanted.plugin().map(this::isOfPlugin).orElse(all))
        .and(wanted.parent().map(Search::hasParent).orElse(all))
        .and(wanted.text().filter(text -> !text.isBlank()).map(Search::says).orElse(all));
  }

  private static Predicate<ProcessInfo> isOfKind(ProcessInfo.Kind kind) {
    return info -> info.kind() == kind;
  }

  private static Predicate<ProcessInfo> hasStatus(ProcessInfo.Status status) {
    return info -> info.status() == status;
  }

  private Predicate<ProcessInfo> isOfPlugin(String id) {
    var loaders =
        plugins.loaded().stream()
            .filter(plugin -> plugin.id().equals(id))
            .map(LoadedPlugin::loader)
            .toList();
    if (loaders.isEmpty()) {
      throw Refusal.unknown(
          "no plugin has the id '%s'".formatted(id),
          id,
          plugins.loaded().stream().map(LoadedPlugin::id).toList());
    }
    var pids = Set.copyOf(node.processesOf(loaders.getFirst()));
    return info -> pids.contains(info.pid());
  }

  private static Predicate<ProcessInfo> hasParent(Pid parent) {
    return info -> info.parent().filter(parent::equals).isPresent();
  }

  /// Whether the text is part of the name, of the class or of the pid; in whatever case.
  private static Predicate<ProcessInfo> says(String text) {
    var wanted = text.strip().toLowerCase(Locale.ROOT);
    var classes = new HashMap<String, Boolean>(); // most processes share one of a few
    return info ->
        Snapshots.name(info).filter(name -> contains(name, wanted)).isPresent()
            || classes.computeIfAbsent(info.code(), code -> contains(code, wanted))
            || info.pid().toString().contains(wanted);
  }

  private static boolean contains(String text, String wanted) {
    return text.toLowerCase(Locale.ROOT).contains(wanted);
  }

  private static long received(ProcessInfo info) {
    return info.counters().map(ProcessInfo.Counters::received).orElse(0L);
  }

  private static long busyNanos(ProcessInfo info) {
    return info.busy().map(Duration::toNanos).orElse(0L);
  }
}
