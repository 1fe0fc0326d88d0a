package dev.genserver.daemon.metrics;

import dev.genserver.runtime.Census;
import dev.genserver.runtime.Node;
import org.jspecify.annotations.Nullable;

/// Takes censuses of a node for all who want them. One is told again for fifty times as long as it
/// took, so however many processes there are, and whoever asks how often, this takes no more than
/// some 2 % of one processor. Thread-safe; waits for the census that is being taken.
public final class Censuses {

  private static final int REST = 50;

  private final Node node;
  private @Nullable Census latest;
  private long dueNanos;

  public Censuses(Node node) {
    this.node = node;
  }

  /// A census, which is at most fifty times as old as it took.
  synchronized Census latest() {
    var begun = System.nanoTime();
    var known = latest;
    if (known != null && begun - dueNanos < 0) {
      return known;
    }
    var census = node.census();
    var end = System.nanoTime();
    dueNanos = end + REST * (end - begun);
    latest = census;
    return census;
  }
}
