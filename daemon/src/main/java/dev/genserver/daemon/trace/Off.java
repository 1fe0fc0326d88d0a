package dev.genserver.daemon.trace;

import dev.genserver.runtime.Recipient;
import dev.genserver.runtime.TraceContext;
import org.jspecify.annotations.Nullable;

/// Where no collector is configured.
final class Off implements Traces {

  @Override
  public boolean records(@Nullable TraceContext brought) {
    return false;
  }

  @Override
  public RecordedRequest begin(
      TraceContext.Op op,
      String to,
      @Nullable Recipient recipient,
      @Nullable TraceContext brought,
      String principal) {
    throw new IllegalStateException("nothing is recorded");
  }

  @Override
  public void close() {}
}
