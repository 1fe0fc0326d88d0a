package dev.genserver.daemon.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {

  @ParameterizedTest
  @CsvSource({
    "Add, add",
    "AddMany, add_many",
    "addMany, add_many",
    "ADD_MANY, add_many",
    "HTTPGet, http_get",
    "GetURL, get_url",
    "AddV2, add_v2",
    "V2Add, v2_add",
    "already_snake, already_snake"
  })
  void namesAreWrittenInSnakeCase(String java, String json) {
    assertThat(Names.snakeCase(java)).isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource({"countr, counter", "conuter, counter", "ad, add", "Counter, counter", "kvs, kv"})
  void aSlipFindsTheNameThatWasMeant(String slip, String meant) {
    assertThat(Names.nearest(slip, List.of("kv", "counter", "add"))).contains(meant);
  }

  @Test
  void aNameFarFromAllHasNoSuggestion() {
    assertThat(Names.nearest("counter", List.of("kv", "ratelimiter"))).isEmpty();
    assertThat(Names.didYouMean("counter", List.of("kv"))).isEmpty();
  }

  @Test
  void aVeryLongNameIsNotCompared() {
    assertThat(Names.nearest("a".repeat(100_000), List.of("a".repeat(100_000)))).isEmpty();
  }
}
