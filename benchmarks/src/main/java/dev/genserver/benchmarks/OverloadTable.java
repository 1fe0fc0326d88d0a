package dev.genserver.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The steps of the overload scenario as a table in Markdown, and as fields for programs.
final class OverloadTable {

  private static final String HEAD =
      """
      | mailbox | load | offered/s | goodput/s | ran/s | replied | casts | overloaded | expired queued | expired running | other | ran though refused | replies p50/p99/max ms | refusals p50/p99/max ms | heap MiB | RSS MiB | CPU cores |
      |---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
      """;

  private OverloadTable() {}

  static String of(List<Overload.Step> steps) {
    var table = new StringBuilder(HEAD);
    for (var step : steps) {
      table.append(
          "| %,d | %sx | %,.0f | %,.0f | %,.0f | %,d | %,d | %,d | %,d | %,d | %,d | %d | %s | %s | %.1f | %d | %.2f |%n"
              .formatted(
                  step.maxQueue(),
                  factor(step),
                  step.offered(),
                  step.goodput(),
                  step.ranPerSecond(),
                  step.replied(),
                  step.casts(),
                  step.overloaded(),
                  step.expiredQueued(),
                  step.expiredRunning(),
                  step.other() + step.unanswered() + step.excess() + step.dishonest(),
                  step.ranThoughNot(),
                  shown(step.replyMs()),
                  shown(step.refusalMs()),
                  step.heapMiB(),
                  step.residentMiB(),
                  step.cpuCores()));
    }
    return table.toString();
  }

  static String factor(Overload.Step step) {
    return step.factor() < 1 ? "0.5" : "%.0f".formatted(step.factor());
  }

  private static String shown(List<Double> millis) {
    return "%.1f / %.1f / %.1f".formatted(millis.get(0), millis.get(1), millis.get(2));
  }

  static Map<String, @Nullable Object> fields(Overload.Step step) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put("max_queue", step.maxQueue());
    fields.put("factor", step.factor());
    fields.put("offered_per_s", step.offered());
    fields.put("goodput_per_s", step.goodput());
    fields.put("ran_per_s", step.ranPerSecond());
    fields.put("replied", step.replied());
    fields.put("casts", step.casts());
    fields.put("overloaded", step.overloaded());
    fields.put("expired_queued", step.expiredQueued());
    fields.put("expired_running", step.expiredRunning());
    fields.put("other", step.other());
    fields.put("ran", step.ran());
    fields.put("ran_though_refused", step.ranThoughNot());
    fields.put("unanswered", step.unanswered());
    fields.put("excess", step.excess());
    fields.put("dishonest", step.dishonest());
    fields.put("reply_ms", step.replyMs());
    fields.put("refusal_ms", step.refusalMs());
    fields.put("heap_mib", step.heapMiB());
    fields.put("rss_mib", step.residentMiB());
    fields.put("cpu_cores", step.cpuCores());
    return fields;
  }
}
