package dev.genserver.benchmarks.scale;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// What was measured of one thing.
///
/// @param figures by what they are; NaN for what cannot be told
record Row(String what, SequencedMap<String, Double> figures) {

  static Row of(String what) {
    return new Row(what, Collections.unmodifiableSequencedMap(new LinkedHashMap<>()));
  }

  Row with(String figure, double value) {
    var more = new LinkedHashMap<>(figures);
    more.put(figure, value);
    return new Row(what, Collections.unmodifiableSequencedMap(more));
  }

  double figure(String name) {
    return figures.getOrDefault(name, Double.NaN);
  }
}
