package dev.genserver.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// A fixed set of names, each of which has an index; finds them in bytes without making a string.
final class Names {

  private final List<String> names;
  private final byte[][] encoded;

  Names(String... names) {
    this.names = List.of(names);
    this.encoded = new byte[names.length][];
    Arrays.setAll(encoded, i -> names[i].getBytes(StandardCharsets.UTF_8));
  }

  int size() {
    return encoded.length;
  }

  List<String> list() {
    return names;
  }

  String name(int index) {
    return names.get(index);
  }

  /// The index of the name that stands at `start` to `end`; -1 if it is none of them.
  int indexOf(byte[] bytes, int start, int end) {
    int length = end - start;
    for (int i = 0; i < encoded.length; i++) {
      byte[] name = encoded[i];
      if (name.length == length && matches(name, bytes, start)) {
        return i;
      }
    }
    return -1;
  }

  // For a handful of bytes a loop is faster than Arrays.equals, and this runs for every field.
  private static boolean matches(byte[] name, byte[] bytes, int start) {
    for (int i = 0; i < name.length; i++) {
      if (name[i] != bytes[start + i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return String.join(", ", names);
  }
}
