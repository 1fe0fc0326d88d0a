package dev.genserver.benchmarks;

import dev.genserver.benchmarks.Overload.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Draws the steps of the overload scenario.
final class OverloadPlots {

  private OverloadPlots() {}

  static void write(List<Step> steps, Path folder) throws IOException {
    draw(
        folder.resolve("overload-goodput.svg"), "goodput, requests a second", steps, Step::goodput);
    draw(
        folder.resolve("overload-refusals.svg"),
        "time until a refusal, p99, ms",
        steps,
        step -> step.refusalMs().get(1));
    draw(
        folder.resolve("overload-heap.svg"),
        "heap in use after a collection, MiB",
        steps,
        Step::heapMiB);
  }

  private static void draw(Path file, String title, List<Step> steps, ToDoubleFunction<Step> value)
      throws IOException {
    BarChart.write(file, title, steps.stream().map(step -> bar(step, value)).toList(), List.of());
  }

  private static BarChart.Bar bar(Step step, ToDoubleFunction<Step> value) {
    return new BarChart.Bar(
        value.applyAsDouble(step),
        step.maxQueue() < 10_000 ? 0 : 1,
        OverloadTable.factor(step) + "x",
        "%,d".formatted(step.maxQueue()));
  }
}
