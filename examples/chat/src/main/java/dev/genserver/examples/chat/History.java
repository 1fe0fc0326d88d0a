package dev.genserver.examples.chat;

import dev.genserver.examples.chat.Room.Event;
import java.util.ArrayList;
import java.util.List;

/// The last events of a room, numbered from 1 on. Immutable.
///
/// @param size how many are kept
/// @param last the number of the last event; 0 before the first
record History(int size, long last, List<Event> events) {

  static History ofSize(int size) {
    return new History(size, 0, List.of());
  }

  History with(Event event) {
    var next = new ArrayList<>(events);
    next.add(event);
    var kept = next.subList(Math.max(0, next.size() - size), next.size());
    return new History(size, last + 1, List.copyOf(kept));
  }

  /// What a listener who knows the first `after` events has not heard: as much of it as is kept,
  /// and how much is not.
  ///
  /// @param after at most [#last]
  Room.Heard since(long after) {
    var beforeTheKept = last - events.size();
    var missed = Math.max(0, beforeTheKept - after);
    var known = (int) Math.max(0, after - beforeTheKept);
    return new Room.Heard(events.subList(known, events.size()), missed, last);
  }
}
