package dev.genserver.daemon.trace;

import dev.genserver.runtime.Recipient;
import dev.genserver.runtime.TraceContext;
import dev.genserver.sdk.ServerRef;
import org.jspecify.annotations.Nullable;

/// What goes on with a request that has too many spans already, below the last of them.
record Unrecorded(String current, SpanCounters counters) implements TraceContext {

  @Override
  public String received() {
    return current;
  }

  @Override
  public TraceContext sent(Op op, ServerRef to, @Nullable Recipient recipient) {
    counters.dropped.increment();
    return this;
  }
}
