package dev.genserver.daemon.metrics;

import java.util.List;
import java.util.stream.Stream;

/// Every metric that the daemon tells, as `docs/metrics.md` lists them.
enum Metric {
  BUILD(
      Type.INFO,
      "genserverd_build",
      "The version of the daemon, and of the JVM.",
      "version",
      "java"),
  UPTIME(Type.GAUGE, "genserverd_uptime_seconds", "For how long the daemon has been running."),

  READY(
      Type.GAUGE,
      "genserverd_ready",
      "Whether the daemon is ready, as /readyz tells it: 1, or 0 if it is not."),

  // By behaviour.
  PROCESSES(
      Type.GAUGE, "genserverd_processes", "Processes that live.", Labels.PLUGIN, Labels.BEHAVIOUR),
  RECEIVED(
      Type.COUNTER,
      "genserverd_messages_received",
      "Calls, casts and other messages that processes took.",
      Labels.PLUGIN,
      Labels.BEHAVIOUR),
  REPLIED(
      Type.COUNTER,
      "genserverd_calls_replied",
      "Calls that were answered as their callback returned; those that it deferred are not counted.",
      Labels.PLUGIN,
      Labels.BEHAVIOUR),
  EXPIRED(
      Type.COUNTER,
      "genserverd_calls_expired",
      "Calls that were never started, as their time was over when their turn came.",
      Labels.PLUGIN,
      Labels.BEHAVIOUR),
  FAILED(
      Type.COUNTER,
      "genserverd_messages_failed",
      "Requests from outside that processes could not understand.",
      Labels.PLUGIN,
      Labels.BEHAVIOUR),
  BUSY(
      Type.COUNTER,
      "genserverd_busy_seconds",
      "For how long processes were at work, waiting in their callbacks included.",
      Labels.PLUGIN,
      Labels.BEHAVIOUR),
  CRASHES(
      Type.COUNTER,
      "genserverd_crashes",
      "Processes that ended unexpectedly.",
      Labels.PLUGIN,
      Labels.BEHAVIOUR),
  RESTARTS(
      Type.COUNTER,
      "genserverd_restarts",
      "Processes that supervisors started anew.",
      Labels.PLUGIN,
      Labels.BEHAVIOUR),
  QUEUED(
      Type.GAUGE,
      "genserverd_queued_messages",
      "Messages that wait for processes.",
      Labels.PLUGIN,
      Labels.BEHAVIOUR),
  LONGEST_QUEUE(
      Type.GAUGE,
      "genserverd_longest_queue_messages",
      "Messages that wait for the one process for which most do.",
      Labels.PLUGIN,
      Labels.BEHAVIOUR),

  // By process, where they are asked for.
  PROCESS_RECEIVED(
      Type.COUNTER,
      "genserverd_process_messages_received",
      "Calls, casts and other messages that the process took.",
      Labels.PROCESS),
  PROCESS_REPLIED(
      Type.COUNTER,
      "genserverd_process_calls_replied",
      "Calls that it answered as their callback returned.",
      Labels.PROCESS),
  PROCESS_BUSY(
      Type.COUNTER,
      "genserverd_process_busy_seconds",
      "For how long it was at work, the message at hand not included.",
      Labels.PROCESS),
  PROCESS_QUEUED(
      Type.GAUGE,
      "genserverd_process_queued_messages",
      "Messages that wait for it.",
      Labels.PROCESS),
  PROCESS_RESTARTS(
      Type.GAUGE,
      "genserverd_process_restarts",
      "How often its supervisor has started it anew.",
      Labels.PROCESS),
  PROCESSES_LEFT_OUT(
      Type.GAUGE,
      "genserverd_processes_left_out",
      "Processes that have no metrics of their own here, as there are too many."),

  // Requests.
  REQUESTS(
      Type.COUNTER, "genserverd_requests", "Requests that were taken, by what they ask for.", "op"),
  ERRORS(
      Type.COUNTER,
      "genserverd_errors",
      "Requests that were answered with an error, by its code.",
      "code"),
  CALL_DURATION(
      Type.HISTOGRAM,
      "genserverd_call_duration_seconds",
      "How long calls took that were answered, with a reply or an error, from when they were read until their answer was handed to the connection."),
  CALLS_OPEN(Type.GAUGE, "genserverd_calls_open", "Calls that wait for their answers."),
  REQUESTS_WAITING(
      Type.GAUGE,
      "genserverd_requests_waiting_bytes",
      "Requests that were read and are not done with."),
  ANSWERS_WAITING(
      Type.GAUGE, "genserverd_answers_waiting_bytes", "Answers that clients have not read yet."),
  CONNECTIONS(Type.GAUGE, "genserverd_connections", "Connections that are open."),
  CONNECTIONS_ACCEPTED(
      Type.COUNTER, "genserverd_connections_accepted", "Connections that were accepted."),
  CONNECTIONS_REFUSED(
      Type.COUNTER,
      "genserverd_connections_refused",
      "Connections that were refused, as there were too many."),
  LOGINS(Type.COUNTER, "genserverd_logins", "Logins."),
  LOGINS_FAILED(Type.COUNTER, "genserverd_logins_failed", "Logins that failed."),
  FORBIDDEN(
      Type.COUNTER,
      "genserverd_requests_forbidden",
      "Requests that were refused for want of a right."),
  CERTIFICATE_END(
      Type.GAUGE,
      "genserverd_tls_certificate_expiry_seconds",
      "When the daemon's certificate, or one between it and its CA, runs out, in seconds since 1970."),

  // Traces.
  TRACE_SPANS(
      Type.COUNTER,
      "genserverd_trace_spans",
      "Spans of requests: exported, failed where the collector did not take them, or dropped where too many waited or one request had too many.",
      "outcome"),

  // Plugins.
  PLUGINS(
      Type.INFO,
      "genserverd_plugin",
      "A plugin that is loaded, and its version.",
      "plugin",
      "version"),
  PLUGIN_PROBLEMS(
      Type.GAUGE,
      "genserverd_plugin_problems",
      "What is wrong with plugins and configured processes that are not there, or do not run."),
  UPGRADES(
      Type.COUNTER,
      "genserverd_plugin_upgrades",
      "Versions of plugins that took over from others."),
  ROLLBACKS(
      Type.COUNTER,
      "genserverd_plugin_rollbacks",
      "Versions of plugins that were taken back, canaries included."),

  // The JVM, by the names that the Prometheus client for Java gives these.
  CPU(Type.COUNTER, "process_cpu_seconds", "Time of processors that the daemon used."),
  START_TIME(
      Type.GAUGE, "process_start_time_seconds", "When the daemon began, in seconds since 1970."),
  RESIDENT(
      Type.GAUGE, "process_resident_memory_bytes", "Memory that the daemon takes of the machine."),
  OPEN_FILES(
      Type.GAUGE, "process_open_fds", "File descriptors that are open, connections included."),
  MAX_FILES(Type.GAUGE, "process_max_fds", "File descriptors that may be open."),
  MEMORY_USED(Type.GAUGE, "jvm_memory_used_bytes", "Memory of the JVM that is in use.", "area"),
  MEMORY_COMMITTED(
      Type.GAUGE, "jvm_memory_committed_bytes", "Memory that the JVM has taken.", "area"),
  MEMORY_MAX(Type.GAUGE, "jvm_memory_max_bytes", "Memory that the JVM may take.", "area"),
  BUFFERS_USED(
      Type.GAUGE, "jvm_buffer_pool_used_bytes", "Memory of buffers outside the heap.", "pool"),
  GC(Type.SUMMARY, "jvm_gc_collection_seconds", "Time spent on collecting garbage.", "gc"),
  THREADS(Type.GAUGE, "jvm_threads_current", "Threads that are not virtual."),
  CLASSES(Type.GAUGE, "jvm_classes_currently_loaded", "Classes that are loaded."),
  CLASSES_LOADED(Type.COUNTER, "jvm_classes_loaded", "Classes that were loaded."),
  CLASSES_UNLOADED(Type.COUNTER, "jvm_classes_unloaded", "Classes that were unloaded.");

  /// What becomes of a metric's number.
  enum Type {
    /// Never falls while the daemon runs.
    COUNTER("_total"),
    GAUGE(""),
    HISTOGRAM(""),
    /// A sum and a count.
    SUMMARY(""),
    /// Always 1; its labels tell.
    INFO("_info");

    private final String suffix;

    Type(String suffix) {
      this.suffix = suffix;
    }
  }

  /// Labels that several have.
  private static final class Labels {
    static final String PLUGIN = "plugin";
    static final String BEHAVIOUR = "behaviour";
    static final String PROCESS = "process";
  }

  final Type type;
  final String base;
  final String help;

  @SuppressWarnings("ImmutableEnumChecker") // the list is immutable
  final List<String> labels;

  /// @param base the name without what its type puts behind it
  Metric(Type type, String base, String help, String... labels) {
    this.type = type;
    this.base = base;
    this.help = help;
    this.labels = Stream.of(labels).toList();
  }

  /// What it is called in the text.
  String fullName() {
    return base + type.suffix;
  }
}
