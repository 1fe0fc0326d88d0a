package dev.genserver.runtime;

import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Request;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A cast from outside the node, decoded on the process's own thread.
public interface ExternalCast extends Request {

  /// Makes the message of what came in. Runs on the process's thread, within the process.
  ///
  /// @throws RuntimeException if that is impossible; [#undecodable] gets it and the process goes on
  Object decode(GenServer<?, ?, ?> server);

  /// Told that the message was dropped because it could not be decoded.
  void undecodable(RuntimeException cause);

  /// Told that the process ended before the message's turn came. Not told of a message that nobody
  /// was there to take.
  default void dropped() {}

  /// The trace that the request belongs to, which goes along with what is sent while it is handled:
  /// that of [#trace], if it is valid. Asked for each time that something is sent.
  ///
  /// @return null for none
  default @Nullable TraceContext traceContext() {
    return TraceContext.of(trace().orElse(null));
  }

  /// Nobody waits for a cast.
  @Override
  default Optional<Duration> remaining() {
    return Optional.empty();
  }
}
