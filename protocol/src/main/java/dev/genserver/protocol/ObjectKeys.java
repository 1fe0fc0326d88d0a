package dev.genserver.protocol;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The keys that one JSON object has had so far.
final class ObjectKeys {

  // A few keys are compared with each other where they stand. Many of them, or one that must be
  // unescaped first, go into a set; its tree bins keep keys that were made to collide from costing
  // more than a logarithm each.
  private static final int FEW = 16;

  private int[] spans = new int[12];
  private int count;
  private @Nullable Set<String> names;

  void clear() {
    count = 0;
    names = null;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /// Adds the key between the quotes at `start - 1` and `end`; false if it was there.
  boolean add(byte[] bytes, int start, int end, boolean escaped) {
    if (escaped || count >= FEW || names != null) {
      return addName(bytes, start, end);
    }
    for (int i = 0; i < 2 * count; i += 2) {
      if (spans[i + 1] - spans[i] == end - start
          && bytes[spans[i + 1] - 1] == bytes[end - 1]
          && Arrays.equals(bytes, spans[i], spans[i + 1], bytes, start, end)) {
        return false;
      }
    }
    if (2 * count == spans.length) {
      spans = Arrays.copyOf(spans, 2 * FEW);
    }
    spans[2 * count] = start;
    spans[2 * count + 1] = end;
    count++;
    return true;
  }

  private boolean addName(byte[] bytes, int start, int end) {
    if (names == null) {
      names = new HashSet<>();
      for (int i = 0; i < 2 * count; i += 2) {
        names.add(JsonText.unescape(bytes, spans[i], spans[i + 1]));
      }
    }
    count++;
    return names.add(JsonText.unescape(bytes, start, end));
  }
}
