package dev.genserver.runtime;

/// What one server has done so far, in numbers that cost next to nothing.
///
/// Written by the server's consumer alone. Others read it after the ownership word, which the
/// consumer writes around each callback, and so see all but the last message.
final class Accounting {

  long received;
  long replied;
  long failed;
  long expired;
  long busyNanos;

  /// When the present message was taken, or the last one was done with.
  long since;

  /// One message is done with.
  void done(long now) {
    busyNanos += now - since;
    since = now;
  }
}
