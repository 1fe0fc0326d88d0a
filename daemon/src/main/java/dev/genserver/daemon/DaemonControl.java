package dev.genserver.daemon;

import dev.genserver.daemon.access.Auth;
import dev.genserver.daemon.admin.ReloadException;
import dev.genserver.daemon.admin.SysNode;
import dev.genserver.daemon.config.DaemonConfig;
import dev.genserver.daemon.config.EffectiveValue;
import dev.genserver.daemon.log.LogLevel;
import dev.genserver.daemon.log.LogSettings;
import dev.genserver.daemon.log.Logging;
import dev.genserver.daemon.log.RecentEvents;
import dev.genserver.daemon.plugin.LoadedPlugin;
import dev.genserver.daemon.plugin.Plugins;
import dev.genserver.runtime.Node;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What `sys.node` tells of the daemon, and does to it.
///
/// @param end ends the daemon; called on a thread of its own
record DaemonControl(
    DaemonConfig config,
    Node node,
    String nodeName,
    Plugins plugins,
    Reload files,
    Supplier<Map<String, Long>> counters,
    RecentEvents events,
    Runnable end)
    implements SysNode.Control {

  /// How many characters the texts of one reply have at most, so that it fits a frame.
  private static final int MOST_TEXT = 100_000;

  @Override
  public Map<String, Object> info() {
    var memory = Runtime.getRuntime();
    var info = new LinkedHashMap<String, Object>();
    info.put("version", Version.current());
    info.put("node", nodeName);
    info.put("os_pid", ProcessHandle.current().pid());
    info.put("java", System.getProperty("java.vm.version"));
    info.put("uptime_ms", ManagementFactory.getRuntimeMXBean().getUptime());
    info.put("auth", config.auth().orElse(Auth.NONE).name().toLowerCase(Locale.ROOT));
    info.put("tls", config.tls().isPresent());
    info.put("processes", node.processCount());
    info.put("plugins", plugins.loaded().stream().map(DaemonControl::shown).toList());
    info.put("heap_used_bytes", memory.totalMemory() - memory.freeMemory());
    info.put("heap_max_bytes", memory.maxMemory());
    info.put("counters", counters.get());
    return info;
  }

  private static Map<String, Object> shown(LoadedPlugin plugin) {
    return Map.of("id", plugin.id(), "version", plugin.version());
  }

  @Override
  public List<Map<String, Object>> settings() {
    return config.effective().stream().map(DaemonControl::shown).toList();
  }

  private static Map<String, Object> shown(EffectiveValue value) {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("key", value.key());
    shown.put("value", value.value());
    shown.put("origin", value.origin());
    return shown;
  }

  @Override
  public Map<String, Object> reload() throws ReloadException {
    return files.all();
  }

  @Override
  public Map<String, Object> logLevels() {
    var levels = new LinkedHashMap<String, Object>();
    Logging.levels().forEach((logger, level) -> levels.put(logger, word(level)));
    return Map.of("level", word(Logging.level()), "levels", levels);
  }

  @Override
  public boolean logLevel(Optional<String> logger, String level) {
    if (logger.filter(name -> !LogSettings.isLogger(name)).isPresent()) {
      return false;
    }
    Logging.set(logger, LogLevel.valueOf(level.toUpperCase(Locale.ROOT)));
    return true;
  }

  private static String word(LogLevel level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Map<String, Object> events(long after) {
    var kept = events.since(after);
    var shown = new ArrayList<Map<String, Object>>();
    var next = after;
    var room = MOST_TEXT;
    for (var event : kept) {
      room -= event.text().length();
      if (room < 0) {
        break;
      }
      shown.add(shown(event));
      next = event.seq();
    }
    var lost = kept.isEmpty() ? 0 : kept.getFirst().seq() - after - 1;
    return lost == 0
        ? Map.of("events", shown, "next", next)
        : Map.of("events", shown, "next", next, "lost", lost);
  }

  private static Map<String, Object> shown(RecentEvents.Event event) {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("seq", event.seq());
    shown.put("at_ms", event.at().toEpochMilli());
    shown.put("level", word(event.level()));
    shown.put("logger", event.logger());
    shown.put("text", event.text());
    return shown;
  }

  @Override
  public void drain() {
    Thread.ofPlatform().daemon(false).name("shutdown").start(end);
  }
}
