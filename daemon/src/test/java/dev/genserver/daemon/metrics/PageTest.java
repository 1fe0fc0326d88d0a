package dev.genserver.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PageTest {

  @Test
  void labelsAreEscaped() {
    var text = new Page().add(Metric.PROCESS_QUEUED, 3, "a \"b\" \\ c\nd é").toText();

    assertThat(text)
        .contains("genserverd_process_queued_messages{process=\"a \\\"b\\\" \\\\ c\\nd é\"} 3.0\n");
    assertThat(Exposition.of(text).values()).hasSize(1);
  }

  @Test
  void eachKindOfMetricIsWrittenAsPrometheusWantsIt() {
    var text =
        new Page()
            .add(Metric.REQUESTS, 7, "call")
            .add(Metric.REQUESTS, 8, "cast")
            .add(Metric.CONNECTIONS, 2)
            .addInfo(Metric.BUILD, "1.0", "25")
            .addSummary(Metric.GC, 4, 0.5, "G1 Young")
            .addHistogram(
                Metric.CALL_DURATION,
                new double[] {0.001, Double.POSITIVE_INFINITY},
                new long[] {5, 1},
                2.5)
            .toText();

    var exposition = Exposition.of(text);
    assertThat(exposition.value("genserverd_requests_total{op=\"cast\"}")).isEqualTo(8);
    assertThat(exposition.value("genserverd_build_info{java=\"25\",version=\"1.0\"}")).isEqualTo(1);
    assertThat(exposition.value("genserverd_connections")).isEqualTo(2);
    assertThat(exposition.value("jvm_gc_collection_seconds_count{gc=\"G1 Young\"}")).isEqualTo(4);
    assertThat(exposition.value("genserverd_call_duration_seconds_bucket{le=\"+Inf\"}"))
        .isEqualTo(6);
    assertThat(exposition.value("genserverd_call_duration_seconds_sum")).isEqualTo(2.5);
    assertThat(exposition.types()).containsEntry("genserverd_build_info", "gauge");
  }

  @Test
  void aNumberThatWouldBeThereTwiceIsADefect() {
    var page = new Page().add(Metric.REQUESTS, 7, "call").add(Metric.REQUESTS, 8, "call");

    assertThatThrownBy(page::toText).hasMessageContaining("op=\"call\"");
  }
}
