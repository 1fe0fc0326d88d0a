package dev.genserver.runtime;

/// What one server has done so far, in numbers that cost next to nothing.
///
/// Written by the server's consumer alone. Others read it after the ownership word, which the
/// consumer writes around each callback, and so see all but the last message.
final class Accounting {

  private static final long LEAST_RISE_NANOS = 1_000;

  long received;
  long replied;
  long failed;
  long expired;
  long busyNanos;

  /// When the present message was taken, or the last one was done with.
  long since;

  private boolean skipped;
  private long quickest;

  /// The present message is a call that is not started, as its time is over.
  void skipped() {
    expired++;
    skipped = true;
  }

  /// One message is done with.
  void done(long now) {
    var took = now - since;
    busyNanos += took;
    since = now;
    if (skipped) {
      skipped = false;
    } else {
      learn(took);
    }
  }

  /// About how long, in nanoseconds, the quickest of the last messages took. Zero at first.
  long quickest() {
    return quickest;
  }

  /// Falls at once and rises slowly, whatever one message took: it rather is too low.
  private void learn(long took) {
    quickest = Math.min(took, quickest + quickest / 16 + LEAST_RISE_NANOS);
  }
}
