package dev.genserver.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The scores of one run of JMH, as it writes them with `-rf csv`.
///
/// @param scores by benchmark and parameters
record JmhScores(Map<String, Score> scores) {

  private static final int NAME = 0;
  private static final int MODE = 1;
  private static final int VALUE = 4;
  private static final int UNIT = 6;

  record Score(double value, String mode, String unit) {

    /// Whether a higher one is worse.
    boolean isTime() {
      return !mode.equals("thrpt");
    }
  }

  static JmhScores read(Path file) throws IOException {
    var scores = new LinkedHashMap<String, Score>();
    var lines = Files.readAllLines(file);
    for (var line : lines.subList(Math.min(1, lines.size()), lines.size())) {
      var fields = Stream.of(line.split(",", -1)).map(field -> field.replace("\"", "")).toList();
      var score =
          new Score(Double.parseDouble(fields.get(VALUE)), fields.get(MODE), fields.get(UNIT));
      scores.put(name(fields), score);
    }
    return new JmhScores(scores);
  }

  Score score(String name) {
    var score = scores.get(name);
    if (score == null) {
      throw new IllegalArgumentException("not every round has " + name);
    }
    return score;
  }

  /// The class and the method, and the parameters, which stand last.
  private static String name(List<String> fields) {
    var full = fields.get(NAME);
    var name = full.substring(full.lastIndexOf('.', full.lastIndexOf('.') - 1) + 1);
    return String.join(
        " ", Stream.concat(Stream.of(name), fields.stream().skip(UNIT + 1)).toList());
  }
}
