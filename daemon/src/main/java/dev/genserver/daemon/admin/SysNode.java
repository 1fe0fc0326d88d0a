package dev.genserver.daemon.admin;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.WireError;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The process `sys.node`, by which an operator looks at the daemon as a whole, has it read its
/// files again, and ends it.
public final class SysNode extends GenServer<SysNode.State, SysNode.Request, Void> {

  /// What it is registered under.
  public static final String NAME = "sys.node";

  /// It remembers nothing.
  public record State() {}

  /// What it can be asked.
  sealed interface Request {

    /// What the daemon is, has, and has counted.
    @SuppressWarnings("AvoidCommonTypeNames") // it is what operators call it
    record Info() implements Request {}

    /// All settings with their values, and where these came from.
    record Config() implements Request {}

    /// Reads principals, tokens and TLS files again.
    record Reload() implements Request {}

    /// The levels of the log, after changing one where that is asked for; the change lasts until
    /// the settings are read again.
    ///
    /// @param logger what the names of the loggers begin with; all that have no level of their own
    ///   where none is said
    /// @param level their new level; none to look only
    record LogLevel(Optional<String> logger, Optional<Level> level) implements Request {}

    /// The last events of the log, the oldest first.
    ///
    /// @param after `next` of the reply before; what follows it is told
    record Events(Optional<Long> after) implements Request {}

    /// Ends the daemon as SIGTERM does: what was read is finished.
    record Drain() implements Request {}
  }

  /// From which importance on a logger logs.
  enum Level {
    OFF,
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  /// The daemon, as far as it is administered. Thread-safe.
  public interface Control {

    /// What it is and has, in the form of a reply.
    Map<String, Object> info();

    /// All settings, in the form of a reply.
    List<Map<String, Object>> settings();

    /// Reads again what can be read again.
    ///
    /// @return what of it changed, in the form of a reply
    /// @throws ReloadException if something is wrong; then all stays as it was
    Map<String, Object> reload() throws ReloadException;

    /// The levels of the log, in the form of a reply.
    Map<String, Object> logLevels();

    /// Gives a logger another level.
    ///
    /// @param logger empty for all that have none of their own
    /// @param level `off`, `error`, `warn`, `info`, `debug` or `trace`
    /// @return false if no logger can have that name
    boolean logLevel(Optional<String> logger, String level);

    /// The events of the log after that one, as many as fit a frame, in the form of a reply.
    Map<String, Object> events(long after);

    /// Begins to end the daemon in order; does not wait for it.
    void drain();
  }

  private final Control control;
  private final Audit audit;

  public SysNode(Control control, Wire wire) {
    this.control = control;
    this.audit = new Audit(wire);
  }

  @Override
  public Init<State> init(Args args) {
    return ok(new State());
  }

  @Override
  public CallResult<State> handleCall(Request request, From from, State state) {
    return switch (request) {
      case Request.Info() -> reply(control.info(), state);
      case Request.Config() -> reply(control.settings(), state);
      case Request.Reload() -> {
        audit.note("reload", from);
        yield reply(reload(), state);
      }
      case Request.LogLevel(Optional<String> logger, Optional<Level> level) -> {
        level.ifPresent(next -> audit.note("log_level level=" + word(next) + of(logger), from));
        yield reply(logLevel(logger, level), state);
      }
      case Request.Events(Optional<Long> after) ->
          reply(control.events(Math.max(0, after.orElse(0L))), state);
      case Request.Drain() -> {
        audit.note("drain", from);
        control.drain();
        yield reply("ok", state);
      }
    };
  }

  private Object logLevel(Optional<String> logger, Optional<Level> level) {
    if (level.isPresent() && !control.logLevel(logger, word(level.get()))) {
      return Refusal.bad(
              "no logger has the name '%s'; names are letters, digits and dots, such as"
                      .formatted(logger.orElse(""))
                  + " 'dev.genserver.daemon.net'")
          .error();
    }
    return control.logLevels();
  }

  private static String word(Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  private static String of(Optional<String> logger) {
    return logger.map(name -> " logger=" + name).orElse("");
  }

  private Object reload() {
    try {
      return control.reload();
    } catch (ReloadException e) {
      return new WireError(
          ErrorCode.BAD_MESSAGE,
          "not reloaded, all stays as it was: " + String.join("; ", e.problems()),
          Executed.NO,
          Map.of("problems", e.problems()));
    }
  }
}
