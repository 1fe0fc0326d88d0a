package dev.genserver.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmallMapTest {

  private static final int STEPS = 2_000;

  /// Of few keys, so that it often has one entry or none.
  private static final int KEYS = 4;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void behavesAsALinkedHashMap(long seed) {
    var random = new Random(seed);
    var map = new SmallMap<Integer, String>();
    var model = new LinkedHashMap<Integer, String>();
    for (var step = 0; step < STEPS; step++) {
      var key = random.nextInt(KEYS);
      if (random.nextInt(5) < 2) {
        var value = "value " + step;
        map.put(key, value);
        model.put(key, value);
      } else {
        assertThat(map.remove(key)).isEqualTo(model.remove(key));
      }
      assertThat(map.size()).isEqualTo(model.size());
      assertThat(map.values()).containsExactlyElementsOf(model.values());
      for (var each = 0; each < KEYS; each++) {
        assertThat(map.get(each)).isEqualTo(model.get(each));
        assertThat(map.containsKey(each)).isEqualTo(model.containsKey(each));
      }
      var entries = new ArrayList<String>();
      map.forEach((k, v) -> entries.add(k + v));
      assertThat(entries)
          .containsExactlyElementsOf(
              model.entrySet().stream().map(e -> e.getKey() + e.getValue()).toList());
    }
  }
}
