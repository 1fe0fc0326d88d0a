package dev.genserver.daemon.trace;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.runtime.TraceContext;

/// A request that is recorded as a span. Thread-safe.
public interface RecordedRequest extends TraceContext {

  /// It was answered with an error, or dropped; of this and the other ends the first counts.
  void failed(ErrorCode code, Executed executed);
}
