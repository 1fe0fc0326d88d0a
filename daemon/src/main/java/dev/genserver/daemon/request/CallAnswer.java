package dev.genserver.daemon.request;

import dev.genserver.daemon.binding.ReplyEncoder;
import dev.genserver.daemon.binding.ReplyTooLargeException;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.WireError;
import dev.genserver.runtime.Outcome;

/// What the caller of a process is told in the end, before it is put into the words of a protocol.
public sealed interface CallAnswer {

  /// What the process replied.
  record Reply(RawJson result) implements CallAnswer {}

  /// Why there is no reply.
  record Failure(WireError error) implements CallAnswer {}

  /// The answer of a call that has ended. Always gives one, whatever the reply is made of. Runs
  /// code of the plugin: for the thread on which the call ends.
  ///
  /// @param maxBytes how long the result may be
  static CallAnswer of(OutsideCall call, Outcome outcome, int maxBytes) {
    var answer = made(call, outcome, maxBytes);
    call.traceAnswer(answer);
    return answer;
  }

  private static CallAnswer made(OutsideCall call, Outcome outcome, int maxBytes) {
    if (outcome instanceof Outcome.Replied(WireError refusal)) {
      // Of the daemon's own processes; plugins do not see this class.
      return new Failure(refusal);
    }
    if (outcome instanceof Outcome.Replied(Object value)) {
      try {
        var json = ReplyEncoder.encode(value, maxBytes);
        return new Reply(new RawJson(json, 0, json.length));
      } catch (ReplyTooLargeException e) {
        return new Failure(Failures.tooLarge(call, maxBytes));
      } catch (RuntimeException | StackOverflowError | LinkageError e) {
        // Making JSON of a reply may run code of the plugin.
        return new Failure(Failures.internal("reply of '" + call.to() + "'", Executed.YES, e));
      }
    }
    return new Failure(Failures.of(call, outcome));
  }
}
