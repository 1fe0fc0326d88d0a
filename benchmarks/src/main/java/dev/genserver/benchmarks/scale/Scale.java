package dev.genserver.benchmarks.scale;

import dev.genserver.benchmarks.Options;
import dev.genserver.protocol.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/// Measures what very many cost. All but connections and queued requests are in this process.
public final class Scale {

  private Scale() {}

  /// Takes `--quick`, `--json`, `--plots FOLDER`, and `--only PART…`. Prints each part when it is
  /// measured.
  public static void main(String[] args) throws IOException, InterruptedException {
    var options = Options.of(args);
    var sizes = options.has("--quick") ? Sizes.quick() : Sizes.full();
    for (var part : options.only(Part.all(Options.root(), sizes), "part", Part::name)) {
      var rows = part.measure();
      if (options.has("--json")) {
        rows.forEach(row -> System.out.println(json(part, row)));
      } else {
        System.out.println(new PartReport(part, rows));
      }
      if (part.name().equals(Part.PROCESSES) && options.has("--plots")) {
        ScalePlots.write(rows, Path.of(options.text("--plots").orElseThrow()));
      }
    }
  }

  /// A line; `heap bytes idle` is `heap_bytes_idle` there.
  static String json(Part part, Row row) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put("part", part.name());
    fields.put("what", row.what());
    row.figures()
        .forEach((figure, value) -> {
          if (!value.isNaN()) { // there is none
            fields.put(key(figure), value);
          }
        });
    return new JsonWriter().value(fields).toRawJson().toString();
  }

  private static String key(String figure) {
    return figure
        .replace("/s", " per second")
        .replace("%", "percent")
        .replace("µs", "us")
        .replace(' ', '_');
  }
}
