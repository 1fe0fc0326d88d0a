package dev.genserver.daemon.admin;

import dev.genserver.daemon.admin.Wire.Connected;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The process `sys.connections`, by which an operator sees who is connected and ends connections.
public final class SysConnections
    extends GenServer<SysConnections.State, SysConnections.Request, Void> {

  /// What it is registered under.
  public static final String NAME = "sys.connections";

  /// How many lines one reply has at most, so that it fits a frame.
  private static final int MOST_LINES = 1_000;

  /// It remembers nothing.
  public record State() {}

  /// What it can be asked.
  sealed interface Request {

    /// A line for each connection, the oldest first.
    ///
    /// @param after the last id of the reply before; what follows it is told
    /// @param limit how many at most; 1000 where none is said, and no more than that
    record List(Optional<Long> after, Optional<Integer> limit) implements Request {}

    /// Closes the connection with that id, with a goodbye.
    record Close(long id) implements Request {}
  }

  private final Wire wire;
  private final Audit audit;

  public SysConnections(Wire wire) {
    this.wire = wire;
    this.audit = new Audit(wire);
  }

  @Override
  public Init<State> init(Args args) {
    return ok(new State());
  }

  @Override
  public CallResult<State> handleCall(Request request, From from, State state) {
    return switch (request) {
      case Request.List(Optional<Long> after, Optional<Integer> limit) ->
          reply(list(after.orElse(0L), limit.orElse(MOST_LINES)), state);
      case Request.Close(long id) -> {
        audit.note("close connection=" + id, from);
        yield reply(
            wire.close(id)
                ? "ok"
                : Refusal.bad("no connection has the id %d; list them again".formatted(id)).error(),
            state);
      }
    };
  }

  private List<Map<String, Object>> list(long after, int limit) {
    return wire.connections().stream()
        .filter(each -> each.id() > after)
        .sorted(Comparator.comparingLong(Connected::id))
        .limit(Math.clamp(limit, 0, MOST_LINES))
        .map(SysConnections::line)
        .toList();
  }

  private static Map<String, Object> line(Connected connection) {
    return new JsonObject()
        .with("id", connection.id())
        .with("peer", connection.peer())
        .with("principal", connection.principal())
        .with("tls", connection.tls())
        .with("age_ms", connection.age().toMillis())
        .with("open_calls", connection.openCalls())
        .toMap();
  }
}
