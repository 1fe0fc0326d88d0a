package dev.genserver.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The requests that wait for a connection, in order: first the casts that the last one gave back.
/// Not thread-safe.
final class WaitingRequests {

  private final Deque<Request> returned = new ArrayDeque<>();
  private final Set<Request> others = new LinkedHashSet<>();
  private long bytes;
  private int casts;

  /// How many bytes wait.
  long bytes() {
    return bytes;
  }

  int casts() {
    return casts;
  }

  boolean isEmpty() {
    return returned.isEmpty() && others.isEmpty();
  }

  void add(Request request) {
    others.add(request);
    count(request, 1);
  }

  /// Puts casts before all others.
  void addFirst(List<Request> casts) {
    for (int i = casts.size() - 1; i >= 0; i--) {
      returned.addFirst(casts.get(i));
      count(casts.get(i), 1);
    }
  }

  boolean remove(Request request) {
    boolean waited = others.remove(request);
    if (waited) {
      count(request, -1);
    }
    return waited;
  }

  /// The first one, which stays. There is one.
  Request first() {
    return returned.isEmpty() ? others.iterator().next() : returned.getFirst();
  }

  void removeFirst() {
    var first = first();
    if (!returned.isEmpty()) {
      returned.removeFirst();
    } else {
      others.remove(first);
    }
    count(first, -1);
  }

  /// Takes out all that are answered.
  List<Request> removeAnswered() {
    var answered = others.stream().filter(request -> !request.isSilent()).toList();
    answered.forEach(this::remove);
    return answered;
  }

  void clear() {
    returned.clear();
    others.clear();
    bytes = 0;
    casts = 0;
  }

  private void count(Request request, int sign) {
    bytes += (long) sign * request.size();
    casts += request.isSilent() ? sign : 0;
  }
}
