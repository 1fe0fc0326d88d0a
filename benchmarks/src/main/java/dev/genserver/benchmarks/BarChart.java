package dev.genserver.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Draws bars in SVG, in colours that suit light and dark.
public final class BarChart {

  private static final int WIDTH = 42;
  private static final int HEIGHT = 200;
  private static final List<String> COLOURS =
      List.of("#4c8bf5", "#e07b39", "#3fa37a", "#a56cc1", "#c9a227");

  private BarChart() {}

  /// One bar.
  ///
  /// @param colour a small number; bars of one number have one colour
  /// @param label what stands below it, and `group` below that
  public record Bar(double value, int colour, String label, String group) {}

  /// Draws a file.
  ///
  /// @param legend what the colours mean; empty where the bars tell it
  public static void write(Path file, String title, List<Bar> bars, List<String> legend)
      throws IOException {
    var highest = Math.max(1e-9, bars.stream().mapToDouble(Bar::value).max().orElse(1));
    var svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
        <style>text{fill:#666}@media (prefers-color-scheme:dark){text{fill:#aaa}}</style>
        <text x="10" y="18" font-size="14">%s</text>
        """
            .formatted(40 + bars.size() * (WIDTH + 18), HEIGHT + 90, title));
    for (var colour = 0; colour < legend.size(); colour++) {
      svg.append(
          "<text x=\"%d\" y=\"18\"><tspan fill=\"%s\">■</tspan> %s</text>\n"
              .formatted(320 + colour * 110, colour(colour), legend.get(colour)));
    }
    for (var i = 0; i < bars.size(); i++) {
      draw(svg, bars.get(i), 20 + i * (WIDTH + 18), bars.get(i).value() / highest * HEIGHT);
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, svg.append("</svg>\n"));
  }

  private static void draw(StringBuilder svg, Bar bar, int x, double height) {
    var y = 40 + HEIGHT - height;
    svg.append(
        """
        <rect x="%d" y="%.1f" width="%d" height="%.1f" fill="%s"/>
        <text x="%d" y="%.1f" text-anchor="middle">%s</text>
        <text x="%d" y="%d" text-anchor="middle">%s</text>
        <text x="%d" y="%d" text-anchor="middle" font-size="10">%s</text>
        """
            .formatted(
                x,
                y,
                WIDTH,
                height,
                colour(bar.colour()),
                x + WIDTH / 2,
                y - 4,
                Figures.shown(bar.value()),
                x + WIDTH / 2,
                HEIGHT + 58,
                bar.label(),
                x + WIDTH / 2,
                HEIGHT + 74,
                bar.group()));
  }

  private static String colour(int number) {
    return COLOURS.get(number % COLOURS.size());
  }
}
