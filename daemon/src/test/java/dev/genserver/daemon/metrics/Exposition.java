package dev.genserver.daemon.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A text of metrics, read as strictly as `promtool check metrics` reads it: whoever makes one that
/// Prometheus would not take, or would grumble at, gets an [AssertionError].
///
/// @param types by the name of the family
/// @param values by series: a name and its labels, sorted, such as `up{job="x"}`
public record Exposition(Map<String, String> types, Map<String, Double> values) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
  private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) (\\S+) (.+)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(.*)})? (\\S+)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(?:,|$)");
  private static final Set<String> TYPES = Set.of("counter", "gauge", "histogram", "summary");
  private static final List<String> UNITS_TO_AVOID =
      List.of("_milliseconds", "_ms", "_minutes", "_kilobytes", "_mb", "_percent");

  /// Reads the whole text.
  public static Exposition of(String text) {
    var reader = new Reader();
    require(text.endsWith("\n"), "the last line has no end");
    text.lines().forEach(reader::line);
    reader.checkHistograms();
    return new Exposition(Map.copyOf(reader.types), Map.copyOf(reader.values));
  }

  /// The names of the metrics that the daemon always tells; of the others, which it may tell.
  public static Set<String> known(boolean always) {
    return Arrays.stream(Metric.values())
        .filter(metric -> !always || !isOfSome(metric))
        .map(Metric::fullName)
        .collect(Collectors.toSet());
  }

  /// Whether only some daemons tell it, or only if they are asked for it.
  private static boolean isOfSome(Metric metric) {
    return metric.labels.contains("process")
        || Set.of(Metric.PROCESSES_LEFT_OUT, Metric.RESIDENT, Metric.CERTIFICATE_END)
            .contains(metric);
  }

  /// The value of a series that must be there.
  public double value(String series) {
    var value = values.get(series);
    require(value != null, "there is no " + series + " among " + new TreeMap<>(values).keySet());
    return value;
  }

  private static void require(boolean right, String what) {
    if (!right) {
      throw new AssertionError(what);
    }
  }

  private static final class Reader {

    private final Map<String, String> helps = new HashMap<>();
    private final Map<String, String> types = new HashMap<>();
    private final Map<String, Double> values = new LinkedHashMap<>();
    private final Set<String> over = new HashSet<>();
    private String family = "";

    void line(String line) {
      if (line.startsWith("#")) {
        comment(line);
      } else {
        sample(line);
      }
    }

    private void comment(String line) {
      var comment = COMMENT.matcher(line);
      require(comment.matches(), "a comment of no kind: " + line);
      var name = comment.group(2);
      if (comment.group(1).equals("HELP")) {
        begin(name);
        require(helps.put(name, comment.group(3)) == null, "two HELP of " + name);
        require(comment.group(3).endsWith("."), "the help of " + name + " is no sentence");
      } else {
        require(name.equals(family), "the TYPE of " + name + " does not follow its HELP");
        require(types.put(name, comment.group(3)) == null, "two TYPE of " + name);
        checkName(name, comment.group(3));
      }
    }

    private void begin(String name) {
      require(!over.contains(name), "the samples of " + name + " are not together");
      over.add(family);
      family = name;
    }

    private static void checkName(String name, String type) {
      require(NAME.matcher(name).matches(), "a name against the conventions: " + name);
      require(TYPES.contains(type), "no type of this format: " + type);
      require(
          type.equals("counter") == name.endsWith("_total"),
          "counters end with _total, and nothing else does: " + name + " is a " + type);
      UNITS_TO_AVOID.forEach(unit -> require(!name.contains(unit), "no base unit: " + name));
    }

    private void sample(String line) {
      var sample = SAMPLE.matcher(line);
      require(sample.matches(), "no sample: " + line);
      var name = sample.group(1);
      require(belongs(name), name + " does not belong to " + family);
      var labels = labels(sample.group(3) == null ? "" : sample.group(3));
      var series = name + (labels.isEmpty() ? "" : "{" + shown(labels) + "}");
      var value =
          sample.group(4).equals("+Inf")
              ? Double.POSITIVE_INFINITY
              : Double.parseDouble(sample.group(4));
      require(values.put(series, value) == null, "twice: " + series);
      require(!types.get(family).equals("counter") || value >= 0, "a negative counter: " + line);
    }

    private boolean belongs(String name) {
      return switch (types.getOrDefault(family, "none")) {
        case "counter", "gauge" -> name.equals(family);
        case "histogram" ->
            Set.of(family + "_bucket", family + "_sum", family + "_count").contains(name);
        case "summary" -> Set.of(family, family + "_sum", family + "_count").contains(name);
        default -> false;
      };
    }

    private static SortedMap<String, String> labels(String text) {
      var labels = new TreeMap<String, String>();
      var label = LABEL.matcher(text);
      var end = 0;
      while (label.find()) {
        require(label.start() == end, "labels that cannot be read: " + text);
        end = label.end();
        require(labels.put(label.group(1), label.group(2)) == null, "a label twice: " + text);
      }
      require(end == text.length(), "labels that cannot be read: " + text);
      return labels;
    }

    private static String shown(SortedMap<String, String> labels) {
      var shown = new ArrayList<String>();
      labels.forEach((name, value) -> shown.add(name + "=\"" + value + "\""));
      return String.join(",", shown);
    }

    void checkHistograms() {
      types.forEach((name, type) -> {
        if (type.equals("histogram")) {
          var before = 0.0;
          for (var entry : values.entrySet()) {
            if (entry.getKey().startsWith(name + "_bucket{")) {
              require(entry.getValue() >= before, "buckets are not cumulative: " + entry);
              before = entry.getValue();
            }
          }
          require(
              before == values.get(name + "_count")
                  && before == values.get(name + "_bucket{le=\"+Inf\"}"),
              "the last bucket of " + name + " has not all");
        }
      });
    }
  }
}
