package dev.genserver.benchmarks;

import dev.genserver.benchmarks.Overload.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Draws the steps of the overload scenario as bar charts in SVG, whose colours suit light and
/// dark.
final class OverloadPlots {

  private static final int BAR = 42;
  private static final int HEIGHT = 200;

  private OverloadPlots() {}

  static void write(List<Step> steps, Path folder) throws IOException {
    draw(folder, "overload-goodput.svg", "goodput, requests a second", steps, Step::goodput);
    draw(
        folder,
        "overload-refusals.svg",
        "time until a refusal, p99, ms",
        steps,
        step -> step.refusalMs().get(1));
    draw(folder, "overload-heap.svg", "heap in use after a collection, MiB", steps, Step::heapMiB);
  }

  private static void draw(
      Path folder, String file, String title, List<Step> steps, ToDoubleFunction<Step> value)
      throws IOException {
    var highest = Math.max(1e-9, steps.stream().mapToDouble(value).max().orElse(1));
    var svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
        <style>text{fill:#666}@media (prefers-color-scheme:dark){text{fill:#aaa}}</style>
        <text x="10" y="18" font-size="14">%s</text>
        """
            .formatted(40 + steps.size() * (BAR + 18), HEIGHT + 90, title));
    for (var i = 0; i < steps.size(); i++) {
      var step = steps.get(i);
      var height = value.applyAsDouble(step) / highest * HEIGHT;
      var x = 20 + i * (BAR + 18);
      var y = 40 + HEIGHT - height;
      svg.append(
          """
          <rect x="%d" y="%.1f" width="%d" height="%.1f" fill="%s"/>
          <text x="%d" y="%.1f" text-anchor="middle">%s</text>
          <text x="%d" y="%d" text-anchor="middle">%sx</text>
          <text x="%d" y="%d" text-anchor="middle" font-size="10">%,d</text>
          """
              .formatted(
                  x,
                  y,
                  BAR,
                  height,
                  step.maxQueue() < 10_000 ? "#4c8bf5" : "#e07b39",
                  x + BAR / 2,
                  y - 4,
                  value.applyAsDouble(step) < 100
                      ? "%.1f".formatted(value.applyAsDouble(step))
                      : "%.0f".formatted(value.applyAsDouble(step)),
                  x + BAR / 2,
                  HEIGHT + 58,
                  OverloadTable.factor(step),
                  x + BAR / 2,
                  HEIGHT + 74,
                  step.maxQueue()));
    }
    Files.writeString(folder.resolve(file), svg.append("</svg>\n"));
  }
}
