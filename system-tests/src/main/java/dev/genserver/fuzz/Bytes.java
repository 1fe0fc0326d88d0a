package dev.genserver.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes that grow. Not thread-safe.
final class Bytes {

  private byte[] array = new byte[1 << 16];
  private int size;

  int size() {
    return size;
  }

  /// The bytes so far, as they are kept: not to be changed, and valid up to [#size].
  byte[] array() {
    return array;
  }

  byte[] copy() {
    return Arrays.copyOf(array, size);
  }

  Bytes add(byte[] bytes) {
    return add(bytes, 0, bytes.length);
  }

  Bytes add(byte[] bytes, int from, int to) {
    reserve(to - from);
    System.arraycopy(bytes, from, array, size, to - from);
    size += to - from;
    return this;
  }

  Bytes add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Adds 4 bytes, the highest first.
  Bytes addLength(int length) {
    reserve(4);
    for (var shift = 24; shift >= 0; shift -= 8) {
      array[size++] = (byte) (length >> shift);
    }
    return this;
  }

  private void reserve(int more) {
    if (size + more > array.length) {
      array = Arrays.copyOf(array, Math.max(size + more, 2 * array.length));
    }
  }
}
