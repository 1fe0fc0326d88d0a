package dev.genserver.daemon.http;

import java.time.Duration;

/// What is made of a request when no more than its head is there.
public sealed interface Reception {

  /// Has its answer; nothing of its body is wanted.
  ///
  /// @param delay how long the answer has to wait
  record Answered(Answer.Whole answer, Duration delay) implements Reception {}

  /// Is to be read whole.
  record Accepted(Work work) implements Reception {}

  /// Answers a request that is whole.
  interface Work {

    /// The answer. Runs on a virtual thread of its own, and may block.
    Answer answer(Request request);
  }

  /// An answer for now.
  static Answered now(Answer.Whole answer) {
    return new Answered(answer, Duration.ZERO);
  }
}
