package dev.genserver.cli;

import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.RawJson;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// How a bench is told of.
record BenchView(BenchLoad load, Bench.Result result) {

  private static final Map<String, Double> QUANTILES = quantiles();

  private static Map<String, Double> quantiles() {
    var quantiles = new LinkedHashMap<String, Double>();
    quantiles.put("p50", 0.5);
    quantiles.put("p90", 0.9);
    quantiles.put("p99", 0.99);
    quantiles.put("p99.9", 0.999);
    return quantiles;
  }

  RawJson json() {
    var out = new JsonWriter().beginObject();
    out.field("op").string(load.cast() ? "cast" : "call").field("to").string(load.to());
    out.field("confirmed").bool(!load.isSilent());
    out.field("connections").number(load.connections());
    if (!load.isSilent()) {
      out.field("concurrency").number(load.concurrency());
    }
    if (load.rate() > 0) {
      out.field("rate").number(load.rate());
    }
    out.field("ms").number(result.nanos() / 1_000_000);
    out.field("done").number(result.done()).field("per_second").number(result.perSecond());
    if (!load.isSilent()) {
      var latencies = result.latencies();
      out.field("latency_us").beginObject();
      QUANTILES.forEach((name, share) ->
          out.field(name.replace('.', '_')).number(latencies.quantile(share) / 1_000));
      out.field("max").number(latencies.max() / 1_000).endObject();
    }
    out.field("errors").beginObject();
    result.errors().forEach((code, count) -> out.field(code.wireName()).number(count));
    return out.endObject().endObject().toRawJson();
  }

  void show(Screen screen) {
    var under = load.isSilent() ? "" : ", %,d at a time".formatted(load.concurrency());
    var over = load.connections() == 1 ? "1 connection" : load.connections() + " connections";
    screen.heading(
        "%s to '%s'%s over %s, for %s"
            .formatted(load.what(), load.to(), under, over, Age.of(result.nanos() / 1_000_000)));
    line("done", "%,d".formatted(result.done()), screen);
    line("a second", "%,d".formatted(result.perSecond()), screen);
    if (!load.isSilent()) {
      var latencies = result.latencies();
      QUANTILES.forEach((name, share) -> line(name, shown(latencies.quantile(share)), screen));
      line("max", shown(latencies.max()), screen);
    }
    var errors =
        result.errors().entrySet().stream()
            .map(error -> "%s %,d".formatted(error.getKey(), error.getValue()))
            .collect(Collectors.joining(", "));
    line("errors", errors.isEmpty() ? "none" : errors, screen);
  }

  private static void line(String label, String value, Screen screen) {
    screen.line("%-10s%s".formatted(label, value));
  }

  private static String shown(long nanos) {
    return String.format(Locale.ROOT, "%,.3f ms", nanos / 1e6);
  }
}
