package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The rules of deploy/prometheus/alerts.yaml ask for what a running daemon tells, and lead to
/// runbooks.
class AlertsIT {

  private static final Path ALERTS = Path.of("../deploy/prometheus/alerts.yaml");
  private static final Path RUNBOOKS = Path.of("../docs/runbooks.md");
  private static final Path OPERATIONS = Path.of("../docs/operations.md");

  private static final Pattern SAMPLE = Pattern.compile("(?m)^(\\w+)(?:\\{(.*)})? \\S+$");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
  private static final Pattern ASKED =
      Pattern.compile("\\b((?:genserverd|jvm|process)_\\w+)(?:\\{([^}]*)})?");
  private static final Pattern GROUPED = Pattern.compile("\\b(?:by|on) \\(([^)]*)\\)");
  private static final Pattern TEXT_LABEL = Pattern.compile("\\$labels\\.(\\w+)");
  private static final Pattern HEADING = Pattern.compile("(?m)^## (.+)$");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(Genserverd\\w+)` \\| \\[.+]\\((runbooks\\.md#\\S+)\\) \\|$");

  /// What Prometheus adds by itself.
  private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job");

  /// Told by daemons that speak TLS alone; `TlsTest` has one.
  private static final String OF_TLS = "genserverd_tls_certificate_expiry_seconds";

  @TempDir Path plugins;

  private static List<JsonNode> rules() throws IOException {
    var rules = new YAMLMapper().readTree(Files.readString(ALERTS)).at("/groups/0/rules");
    return rules.values().stream().toList();
  }

  /// The labels of each metric, with the values of each.
  private Map<String, Map<String, Set<String>>> told() throws Exception {
    DaemonFixture.copyExamples(plugins);
    try (var daemon = DaemonFixture.start(plugins);
        var client = HttpClient.newHttpClient()) {
      var metrics = HttpRequest.newBuilder(URI.create(daemon.adminUrl() + "/metrics")).build();
      var text = client.send(metrics, HttpResponse.BodyHandlers.ofString()).body();
      var told = new HashMap<String, Map<String, Set<String>>>();
      for (var sample : SAMPLE.matcher(text).results().toList()) {
        var labels = told.computeIfAbsent(sample.group(1), _ -> new HashMap<>());
        if (sample.group(2) != null) {
          LABEL
              .matcher(sample.group(2))
              .results()
              .forEach(label ->
                  labels.computeIfAbsent(label.group(1), _ -> new HashSet<>()).add(label.group(2)));
        }
      }
      told.put(OF_TLS, Map.of());
      return told;
    }
  }

  @Test
  void rulesAskForMetricsAndLabelsThatADaemonTells() throws Exception {
    var told = told();
    for (var rule : rules()) {
      var name = rule.get("alert").asString();
      var expression = rule.get("expr").asString();
      var labels = new HashSet<>(OF_PROMETHEUS);
      for (var asked : ASKED.matcher(expression).results().toList()) {
        assertThat(told).as(name).containsKey(asked.group(1));
        var known = told.get(asked.group(1));
        labels.addAll(known.keySet());
        if (asked.group(2) != null) {
          LABEL
              .matcher(asked.group(2))
              .results()
              .forEach(label -> {
                if (!OF_PROMETHEUS.contains(label.group(1))) {
                  assertThat(known.get(label.group(1))).as(name).contains(label.group(2));
                }
              });
        }
      }
      var used = new ArrayList<String>();
      GROUPED
          .matcher(expression)
          .results()
          .forEach(by -> used.addAll(List.of(by.group(1).split(", ?", -1))));
      TEXT_LABEL.matcher(rule.toString()).results().forEach(label -> used.add(label.group(1)));
      assertThat(labels).as(name).containsAll(used);
    }
  }

  @Test
  void everyAlertLeadsToARunbookThatKnowsIt() throws IOException {
    var sections = new HashMap<String, String>();
    var page = Files.readString(RUNBOOKS);
    var headings = HEADING.matcher(page).results().toList();
    for (var i = 0; i < headings.size(); i++) {
      var end = i + 1 < headings.size() ? headings.get(i + 1).start() : page.length();
      sections.put(anchor(headings.get(i).group(1)), page.substring(headings.get(i).start(), end));
    }
    var listed = new HashMap<String, String>();
    ROW.matcher(Files.readString(OPERATIONS))
        .results()
        .forEach(row -> listed.put(row.group(1), "docs/" + row.group(2)));

    var led = new HashMap<String, String>();
    for (var rule : rules()) {
      var runbook = rule.at("/annotations/runbook").asString();
      var alert = rule.get("alert").asString();
      led.put(alert, runbook);
      assertThat(runbook).startsWith("docs/runbooks.md#");
      assertThat(sections.get(runbook.replace("docs/runbooks.md#", "")))
          .as(runbook)
          .contains("`" + alert + "`");
    }
    assertThat(listed).hasSizeGreaterThan(10).isEqualTo(led);
  }

  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-');
  }
}
