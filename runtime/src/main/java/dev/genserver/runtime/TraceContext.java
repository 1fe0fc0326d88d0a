package dev.genserver.runtime;

import dev.genserver.sdk.CurrentProcess;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.ServerRef;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a message has of the trace that it belongs to. It goes along with all that a process sends
/// while it handles the message: calls, casts, other messages, starts and tasks. Thread-safe.
///
/// One that nobody records is a traceparent, and passes from message to message as it is. One that
/// is recorded makes another for each request that is sent on, and is told how that does.
///
/// @otp seq_trace; that token too goes along with messages, and is gone with one that has none
public interface TraceContext {

  /// How a request is sent.
  enum Op {
    CALL,
    CAST
  }

  /// What a traceparent carries on.
  ///
  /// @param traceparent as somebody sent it; null if nobody did
  /// @return null if it is none that is valid: W3C has it ignored then
  static @Nullable TraceContext of(@Nullable String traceparent) {
    var read = Traceparent.read(traceparent);
    return read == null ? null : new Traceparent(read);
  }

  /// Which trace the code on this thread is at work for, by its [#traceId].
  ///
  /// @return empty outside of processes, and where the message at hand has none
  static Optional<String> currentId() {
    return CurrentProcess.isBound()
        ? ProcessContext.current().trace().map(Traceparent::traceId)
        : Optional.empty();
  }

  /// The W3C traceparent that came with the message; that of version 00, whatever came.
  String received();

  /// The W3C traceparent of what is sent while the message is handled.
  String current();

  /// Which trace it is: 32 hexadecimal digits.
  default String traceId() {
    return Traceparent.traceId(current());
  }

  /// What a request has that a process sends while it handles this one.
  ///
  /// @param to whom it is for
  /// @param recipient who that is; null if nobody is there, or it is no server
  default TraceContext sent(Op op, ServerRef to, @Nullable Recipient recipient) {
    return this;
  }

  /// The process begins with the request. Told on its thread.
  ///
  /// @param nanoTime the node's time
  default void began(long nanoTime) {}

  /// A call was replied to, or the callback of a cast has returned. Told on any thread, must not
  /// block; of this and [#failed] the first counts that comes.
  default void done() {}

  /// A call has no reply, or the process ended before it was done with a cast.
  ///
  /// @param phase how far the process had come with it
  default void failed(ExitReason reason, Phase phase) {}
}
