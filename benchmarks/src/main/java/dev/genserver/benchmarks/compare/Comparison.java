package dev.genserver.benchmarks.compare;

import dev.genserver.benchmarks.Figures;
import dev.genserver.benchmarks.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Compares what JMH measured before with what it measured now, round by round.
public final class Comparison {

  private static final double SAME = 0.05;

  private final List<JmhScores> before;
  private final List<JmhScores> now;

  Comparison(List<JmhScores> before, List<JmhScores> now) {
    this.before = before;
    this.now = now;
  }

  /// Takes a folder with files `before-1.csv`, `now-1.csv` and so on.
  public static void main(String[] args) throws IOException {
    var before = new ArrayList<JmhScores>();
    var now = new ArrayList<JmhScores>();
    for (var round = 1; Files.exists(file(args[0], "now", round)); round++) {
      before.add(JmhScores.read(file(args[0], "before", round)));
      now.add(JmhScores.read(file(args[0], "now", round)));
    }
    System.out.print(new Comparison(before, now));
  }

  private static Path file(String folder, String side, int round) {
    return Path.of(folder, side + "-" + round + ".csv");
  }

  @Override
  public String toString() {
    var table =
        new Table(
            List.of("benchmark", "before", "now", "unit", "now / before", "lowest", "highest", ""));
    for (var name : now.getFirst().scores().keySet()) {
      if (before.getFirst().scores().containsKey(name)) {
        table.add(row(name));
      }
    }
    return table.toString();
  }

  private List<String> row(String name) {
    var olds = values(before, name);
    var news = values(now, name);
    var ratios = new ArrayList<Double>();
    for (var round = 0; round < news.size(); round++) {
      ratios.add(news.get(round) / olds.get(round));
    }
    var score = now.getFirst().score(name);
    return List.of(
        name,
        Figures.shown(Figures.median(olds)),
        Figures.shown(Figures.median(news)),
        score.unit(),
        Figures.shown(Figures.median(ratios)),
        Figures.shown(ratios.stream().min(Double::compare).orElseThrow()),
        Figures.shown(ratios.stream().max(Double::compare).orElseThrow()),
        verdict(ratios, score.isTime()));
  }

  /// What all rounds agree on, if there are several.
  private static String verdict(List<Double> ratios, boolean isTime) {
    if (ratios.size() < 2) {
      return "";
    }
    if (ratios.stream().allMatch(ratio -> ratio > 1 + SAME)) {
      return isTime ? "slower" : "faster";
    }
    if (ratios.stream().allMatch(ratio -> ratio < 1 - SAME)) {
      return isTime ? "faster" : "slower";
    }
    return "";
  }

  private static List<Double> values(List<JmhScores> rounds, String name) {
    return rounds.stream().map(round -> round.score(name).value()).toList();
  }
}
