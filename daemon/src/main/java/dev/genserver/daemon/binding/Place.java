package dev.genserver.daemon.binding;

/// Where in the messages of a server something stands, in terms of their JSON.
///
/// @param word `call` or `cast`
/// @param path as in `paint.shape(circle).radius` or `many.items[].sku`; empty for all messages
record Place(String word, String path) {

  /// The record of a family that has this type.
  Place member(String tag) {
    return new Place(word, path.isEmpty() ? tag : path + "(" + tag + ")");
  }

  Place field(String name) {
    return new Place(word, path.isEmpty() ? name : path + "." + name);
  }

  /// Each element of a list.
  Place element() {
    return new Place(word, path + "[]");
  }

  /// Each value of a map.
  Place value() {
    return new Place(word, path + "[key]");
  }

  /// How a sentence about it begins.
  String subject() {
    return path.isEmpty() ? word + "s" : word + " '" + path + "'";
  }

  String noLongerTakes(String name) {
    return subject() + (path.isEmpty() ? " no longer take '" : " no longer takes '") + name + "'";
  }

  String became(String old, String now) {
    return path.isEmpty()
        ? subject() + " were " + old + " and are " + now + " now"
        : subject() + " was " + old + " and is " + now + " now";
  }
}
