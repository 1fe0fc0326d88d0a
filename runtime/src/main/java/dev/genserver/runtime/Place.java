package dev.genserver.runtime;

import org.jspecify.annotations.Nullable;

/// Where in a value something stands, such as `Stock.State.prices[apple].cents`. Put into words
/// only when somebody asks: states are taken apart while their processes wait.
record Place(@Nullable Place within, String open, Object step, String close) {

  static Place of(String what) {
    return new Place(null, "", what, "");
  }

  Place field(String name) {
    return new Place(this, ".", name, "");
  }

  /// An element by its index, or a value by its key.
  Place at(@Nullable Object key) {
    return new Place(this, "[", key == null ? "null" : key, "]");
  }

  @Override
  public String toString() {
    var before = within == null ? "" : within.toString();
    return before + open + step + close;
  }
}
