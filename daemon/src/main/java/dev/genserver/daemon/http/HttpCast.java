package dev.genserver.daemon.http;

import dev.genserver.daemon.request.OutsideCast;
import dev.genserver.sdk.Pid;
import java.util.Map;
import java.util.Optional;

/// A cast that came over HTTP.
final class HttpCast extends OutsideCast {

  private final HttpCaller caller;

  /// @param caller who has sent it, and is gone by the time that it is handled
  HttpCast(Message message, HttpCaller caller) {
    super(message.to(), message.msg(), Map.of(), message.trace());
    this.caller = caller;
  }

  @Override
  public Optional<Pid> caller() {
    return Optional.of(caller.pid());
  }
}
