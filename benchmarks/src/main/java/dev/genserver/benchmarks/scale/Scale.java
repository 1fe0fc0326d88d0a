package dev.genserver.benchmarks.scale;

import dev.genserver.benchmarks.Options;
import dev.genserver.protocol.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Measures what very many cost. All but connections and queued requests are in this process.
public final class Scale {

  private Scale() {}

  /// Takes `--quick`, `--json`, `--plots FOLDER`, and `--only PART…`. Prints each part when it is
  /// measured.
  public static void main(String[] args) throws IOException, InterruptedException {
    var options = Options.of(args);
    var sizes = options.has("--quick") ? Sizes.quick() : Sizes.full();
    for (var part : chosen(Part.all(Options.root(), sizes), options)) {
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

  private static List<Part> chosen(List<Part> all, Options options) {
    if (!options.has("--only")) {
      return all;
    }
    var names = options.all("--only");
    var known = all.stream().map(Part::name).toList();
    for (var name : names) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "there is no part '%s', but %s".formatted(name, String.join(", ", known)));
      }
    }
    return all.stream().filter(part -> names.contains(part.name())).toList();
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
