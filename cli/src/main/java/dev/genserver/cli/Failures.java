package dev.genserver.cli;

import static java.util.stream.Collectors.joining;

import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.FrameException;
import dev.genserver.protocol.ProtocolException;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.TlsException;
import dev.genserver.protocol.WireError;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a command that failed tells its user, in one line: what, where, how to mend it, and whether
/// the process may have seen the request. Where the daemon has found several problems, each has a
/// line below that.
///
/// `call to 'countr' failed: noproc, no process has that name; did you mean 'counter'? (not
/// executed)`
record Failures(Command command, Address address, TimeLimit limit) {

  /// No connection.
  CliException unreachable(IOException cause) {
    if (cause instanceof TlsException insecure) {
      return insecure(insecure, Executed.NO);
    }
    var problem =
        switch (cause) {
          case UnknownHostException _ -> "no host has that name";
          case SocketTimeoutException _ -> "no answer within " + limit;
          case ConnectException _ -> "connection refused";
          default -> String.valueOf(cause.getMessage());
        };
    return failure(
        ErrorCode.UNAVAILABLE.exitCode(),
        "no daemon reached at %s: %s; is genserverd running there? %s or GENSERVER_URL says where it is"
            .formatted(address, problem, Command.Options.URL),
        Executed.NO,
        cause);
  }

  /// No connection by TLS, or no longer.
  ///
  /// @param executed whether the process may have seen the request, if that is not clear
  CliException insecure(TlsException cause, Executed executed) {
    var message = "no secure connection to %s: %s".formatted(address, cause.getMessage());
    return switch (cause.fault()) {
      case FILE -> failure(CliException.NO_INPUT, message, executed, cause);
      case DAEMON -> failure(CliException.PROTOCOL, message, executed, cause);
      case CLIENT -> failure(ErrorCode.UNAUTHENTICATED.exitCode(), message, Executed.NO, cause);
    };
  }

  /// The connection ended before the answer came.
  ///
  /// @param goodbye what the daemon said before, if anything
  CliException lost(@Nullable IOException cause, ServerMessage.@Nullable Goodbye goodbye) {
    if (goodbye != null) {
      return failure(
          goodbye.code().exitCode(),
          describe(goodbye.code(), goodbye.message()),
          Executed.MAYBE,
          cause);
    }
    return failure(
        ErrorCode.UNAVAILABLE.exitCode(),
        "the daemon at %s closed the connection before it answered".formatted(address),
        Executed.MAYBE,
        cause);
  }

  /// This side's timer, which only fires where the daemon's did not.
  CliException timeout() {
    return failure(
        ErrorCode.TIMEOUT.exitCode(),
        "timeout, the daemon at %s said nothing within %s".formatted(address, limit),
        Executed.MAYBE,
        null);
  }

  /// The daemon's own answer.
  CliException refused(WireError error) {
    var problems = Fields.of(error.details()).texts("problems");
    if (problems.size() > 1) {
      var below = problems.stream().map(problem -> "\n  " + problem).collect(joining());
      var message = describe(error.code(), head(error.message(), problems));
      return failure(error.code().exitCode(), message, error.executed(), null, below);
    }
    var message = describe(error.code(), error.message());
    var suggestion = suggestion(error.details().get("did_you_mean"));
    if (!suggestion.isEmpty() && !message.contains("did you mean")) {
      message += "; did you mean " + suggestion + "?";
    }
    return failure(error.code().exitCode(), message, error.executed(), null);
  }

  /// An answer that is none.
  CliException foreign(ProtocolException cause) {
    if (cause instanceof FrameException frame && frame.isTls()) {
      return failure(
          CliException.PROTOCOL,
          "what answers at %1$s speaks TLS; write tls://%1$s".formatted(address),
          Executed.NO,
          cause);
    }
    return failure(
        CliException.PROTOCOL,
        "what answers at %s is no genserverd: %s".formatted(address, cause.getMessage()),
        Executed.MAYBE,
        cause);
  }

  private CliException failure(
      int exitCode, String message, Executed executed, @Nullable Throwable cause) {
    return failure(exitCode, message, executed, cause, "");
  }

  /// @param below further lines
  private CliException failure(
      int exitCode, String message, Executed executed, @Nullable Throwable cause, String below) {
    var whether =
        switch (executed) {
          case NO -> "not executed";
          case MAYBE -> "may have been executed";
          case YES -> "executed";
        };
    var line = "%s failed: %s (%s)".formatted(command, message, whether);
    return new CliException(exitCode, line.replaceAll("\\p{Cntrl}+", " ") + below, cause);
  }

  /// `the plugin was refused: 2 problems` for a message in which the problems follow each other.
  private static String head(String message, List<String> problems) {
    var start = Math.max(0, message.indexOf(problems.getFirst()));
    return message.substring(0, start) + problems.size() + " problems";
  }

  private static String describe(ErrorCode code, String message) {
    return code == ErrorCode.UNRECOGNISED ? message : code + ", " + message;
  }

  private static String suggestion(@Nullable Object didYouMean) {
    return switch (didYouMean) {
      case String name -> "'" + name + "'";
      case List<?> names when !names.isEmpty() -> "'" + names.getFirst() + "'";
      case null, default -> "";
    };
  }
}
