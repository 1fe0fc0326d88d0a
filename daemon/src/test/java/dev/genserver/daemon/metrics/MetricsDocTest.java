package dev.genserver.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Holds docs/metrics.md and deploy/prometheus/alerts.yaml to the code.
class MetricsDocTest {

  private static final Path DOC = Path.of("..", "docs", "metrics.md");
  private static final Path ALERTS = Path.of("..", "deploy", "prometheus", "alerts.yaml");

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\w+) \\| ([^|]*?) ?\\| ([^|]+) \\|$");
  private static final Pattern WORD = Pattern.compile("\\b(?:genserverd|jvm|process)_\\w+");

  @Test
  void tableHasEveryMetricOfTheCode() throws IOException {
    assertThat(results(ROW).map(MetricsDocTest::row).toList())
        .isEqualTo(Arrays.stream(Metric.values()).map(MetricsDocTest::row).toList());
  }

  private static String row(MatchResult row) {
    return "%s, %s, %s: %s"
        .formatted(row.group(1), row.group(2), row.group(3).replace("`", ""), row.group(4));
  }

  private static String row(Metric metric) {
    var type =
        metric.type == Metric.Type.INFO ? "gauge" : metric.type.name().toLowerCase(Locale.ROOT);
    return "%s, %s, %s: %s"
        .formatted(metric.fullName(), type, String.join(", ", metric.labels), metric.help);
  }

  @Test
  void alertsAskForMetricsThatThereAre() throws IOException {
    var rules = rules();
    var known =
        Stream.concat(
                Arrays.stream(Metric.values()).map(Metric::fullName),
                Stream.of(
                    Metric.CALL_DURATION.fullName() + "_bucket", Metric.GC.fullName() + "_sum"))
            .collect(Collectors.toSet());

    assertThat(rules).hasSizeGreaterThan(10);
    for (var rule : rules) {
      assertThat(WORD.matcher(rule.get("expr").asString()).results().map(MatchResult::group))
          .as(rule.get("alert").asString())
          .isSubsetOf(known);
    }
  }

  @Test
  void alertsAreRulesAsPrometheusReadsThem() throws IOException {
    var names = new ArrayList<String>();
    for (var rule : rules()) {
      names.add(rule.get("alert").asString());
      assertThat(rule.propertyNames())
          .as(rule.toString())
          .contains("alert", "expr", "annotations")
          .isSubsetOf(Set.of("alert", "expr", "for", "annotations"));
      assertThat(rule.get("annotations").propertyNames()).containsExactly("summary", "runbook");
      assertThat(brackets(rule.get("expr").asString())).as(rule.toString()).isEmpty();
      if (rule.has("for")) {
        assertThat(rule.get("for").asString()).matches("\\d+[smh]");
      }
    }
    assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.startsWith("Genserverd"));
  }

  /// What is left of an expression when all pairs of brackets were taken away, innermost first.
  private static String brackets(String expression) {
    var left = expression.replaceAll("\"[^\"]*\"", "").replaceAll("[^()\\[\\]{}]", "");
    for (var before = ""; !before.equals(left); ) {
      before = left;
      left = left.replace("()", "").replace("[]", "").replace("{}", "");
    }
    return left;
  }

  private static List<JsonNode> rules() throws IOException {
    var groups = new YAMLMapper().readTree(Files.readString(ALERTS)).get("groups");
    assertThat(groups.size()).isEqualTo(1);
    assertThat(groups.get(0).get("name").asString()).isEqualTo("genserverd");
    return groups.get(0).get("rules").values().stream().toList();
  }

  private static Stream<MatchResult> results(Pattern pattern) throws IOException {
    return pattern.matcher(Files.readString(DOC)).results();
  }
}
