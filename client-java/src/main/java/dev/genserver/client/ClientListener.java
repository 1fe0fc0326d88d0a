package dev.genserver.client;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Hears what a client does: for metrics, for traces, for an operator's page. All methods do
/// nothing unless overridden. See [ClientOptions#listener].
///
/// Requests are told on whatever thread makes or ends them, which waits meanwhile, so be quick and
/// thread-safe. All else is told on the common pool, one after the other. What a listener throws is
/// logged and does no harm.
public interface ClientListener {

  /// What is asked.
  enum Op {
    CALL,
    /// A cast that nobody confirms.
    CAST,
    CONFIRMED_CAST,
    MONITOR,
    /// Also what [GenServerClient#flush] sends.
    PING
  }

  /// One attempt at a request.
  ///
  /// @param to the name or pid; empty for a ping
  /// @param attempt from 1; above that [Retry] is at work
  record Request(Op op, String to, int attempt) {}

  /// How an attempt ended.
  ///
  /// @param duration from before it was sent, or had to wait for a connection
  /// @param code the error; empty if it was answered, or is a silent cast that was taken
  /// @param executed whether a process saw it: `yes` where it was answered, `maybe` for a silent
  ///   cast
  record End(Duration duration, Optional<ErrorCode> code, Executed executed) {}

  /// Hears of one attempt.
  interface Attempt {

    /// The W3C traceparent to be sent along with a call or a cast; null for none. Asked once.
    default @Nullable String traceparent() {
      return null;
    }

    /// It has ended. A cast that was refused has an error here. A reply that turns out not to be of
    /// the type that was asked for is an answer all the same.
    default void ended(End end) {}
  }

  /// An attempt begins.
  ///
  /// @return what hears how it goes on; null if nobody wants to
  default @Nullable Attempt began(Request request) {
    return null;
  }

  /// The client's connection is in another state.
  default void stateChanged(ConnectionState state) {}

  /// Casts that had been taken were lost with their connection, perhaps, or could never be sent.
  ///
  /// @param reason for people
  default void castsLost(long count, String reason) {}
}
