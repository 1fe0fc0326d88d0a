package dev.genserver.benchmarks.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// That each part comes to an end and has its figures; how good these are, is measured and not
/// tested.
class ScaleIT {

  /// Of each part, a figure that there is no other way to come by than to do it. Bytes would not
  /// do: of so few they are lost among those that come and go anyway.
  private static final Map<String, String> FIGURES =
      Map.of(
          "processes", Growth.RATE,
          "casts", Casts.RATE,
          "restarts", Restarts.RATE,
          "timers", Timers.RATE,
          "first calls", FirstCalls.RATE,
          "calls", Calls.RATE,
          "connections", Connections.ANSWERED,
          "queued", Queued.RATE);

  @Test
  @Timeout(240)
  void eachPartHasItsFigures(@TempDir Path plots) throws Exception {
    var measured = new LinkedHashMap<String, List<Row>>();
    for (var part : Part.all(Path.of(".."), Sizes.quick())) {
      var rows = part.measure();
      measured.put(part.name(), rows);

      assertThat(new PartReport(part, rows).toString()).contains(part.name(), part.goal());
      assertThat(Scale.json(part, rows.getFirst())).startsWith("{\"part\":\"" + part.name());
    }

    assertThat(measured.keySet()).isEqualTo(FIGURES.keySet());
    measured.forEach((part, rows) ->
        assertThat(rows)
            .isNotEmpty()
            .allSatisfy(row ->
                assertThat(row.figure(FIGURES.get(part))).as("%s: %s", part, row).isPositive()));

    ScalePlots.write(measured.get("processes"), plots);
    assertThat(Files.readString(plots.resolve("scale-processes.svg")))
        .contains("1,000", "5,000", Population.SUPERVISED);
  }

  @Test
  void figuresOfJsonSayTheirUnits() {
    var part = new Part("some", "", ArrayList::new);
    var row =
        Row.of("1,000").with("calls/s", 2).with("CPU µs each", Double.NaN).with("others %", 3);

    assertThat(Scale.json(part, row))
        .isEqualTo(
            "{\"part\":\"some\",\"what\":\"1,000\",\"calls_per_second\":2.0,\"others_percent\":3.0}");
  }
}
