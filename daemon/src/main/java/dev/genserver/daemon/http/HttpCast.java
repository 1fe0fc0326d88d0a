package dev.genserver.daemon.http;

import dev.genserver.daemon.request.OutsideCast;
import dev.genserver.runtime.TraceContext;
import dev.genserver.sdk.Pid;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A cast that came over HTTP.
final class HttpCast extends OutsideCast {

  private final HttpCaller caller;

  /// @param trace what goes on of that which the request brings
  /// @param caller who has sent it, and is gone by the time that it is handled
  HttpCast(Message message, @Nullable TraceContext trace, HttpCaller caller) {
    super(message.to(), message.msg(), Map.of(), message.trace(), trace);
    this.caller = caller;
  }

  @Override
  public Optional<Pid> caller() {
    return Optional.of(caller.pid());
  }
}
