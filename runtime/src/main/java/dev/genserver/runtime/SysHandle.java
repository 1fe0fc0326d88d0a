package dev.genserver.runtime;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.Sys;
import dev.genserver.sdk.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// [Sys] for one process, or for code that is none.
record SysHandle(Node node, @Nullable Context caller, Duration timeout, boolean urgent)
    implements Sys {

  private static final int LONGEST_LOG = 10_000;

  @Override
  public Sys within(Duration timeout) {
    Timeouts.toNanos(timeout);
    return new SysHandle(node, caller, timeout, urgent);
  }

  @Override
  public Sys urgently() {
    return new SysHandle(node, caller, timeout, true);
  }

  @Override
  public @Nullable Object getState(ServerRef server) {
    return ask(server, new SystemRequest.GetState());
  }

  @Override
  public @Nullable Object replaceState(ServerRef server, UnaryOperator<Object> change) {
    var reply = ask(server, new SystemRequest.ReplaceState(change));
    if (reply instanceof SystemRequest.Failed(String callback, Throwable cause)) {
      throw new CallbackFailedException(server, callback, cause);
    }
    return reply;
  }

  @Override
  public void suspend(ServerRef server) {
    ask(server, new SystemRequest.Suspend());
  }

  @Override
  public void resume(ServerRef server) {
    ask(server, new SystemRequest.Resume());
  }

  @Override
  public void statistics(ServerRef server, boolean on) {
    ask(server, new SystemRequest.CountStatistics(on));
  }

  @Override
  public Optional<Statistics> statistics(ServerRef server) {
    return Optional.ofNullable((Statistics) ask(server, new SystemRequest.GetStatistics()));
  }

  @Override
  @SuppressWarnings("NullAway") // this request is always answered with a status
  public Status status(ServerRef server) {
    return (Status) ask(server, new SystemRequest.GetStatus());
  }

  @Override
  public void log(ServerRef server, int size) {
    if (size < 0 || size > LONGEST_LOG) {
      throw new IllegalArgumentException(
          "log of %d events: keep 1 to %,d, or 0 for none".formatted(size, LONGEST_LOG));
    }
    ask(server, new SystemRequest.KeepLog(size));
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // this request is always answered with the events
  public List<Event> log(ServerRef server) {
    return (List<Event>) ask(server, new SystemRequest.GetLog());
  }

  @Override
  public void trace(ServerRef server, Consumer<Event> listener) {
    ask(server, new SystemRequest.Trace(listener));
  }

  @Override
  public void untrace(ServerRef server, Consumer<Event> listener) {
    ask(server, new SystemRequest.Untrace(listener));
  }

  @Override
  public void noDebug(ServerRef server) {
    ask(server, new SystemRequest.NoDebug());
  }

  @Override
  public Optional<ExitReason> changeCode(
      ServerRef server, Object oldVersion, @Nullable Object extra) {
    var reply = ask(server, new SystemRequest.ChangeCode(oldVersion, extra));
    return Optional.ofNullable((ExitReason) reply);
  }

  private @Nullable Object ask(ServerRef server, SystemRequest request) {
    var nanos = Timeouts.toNanos(timeout);
    if (caller == null) {
      return node.ask(null, server, request, urgent, timeout, nanos);
    }
    caller.process().checkAlive();
    caller.checkMayHarm(server);
    return node.ask(
        caller.process(),
        server,
        request,
        urgent,
        timeout,
        Math.min(nanos, caller.inheritedNanos()));
  }
}
