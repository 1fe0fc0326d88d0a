package dev.genserver.cli;

import dev.genserver.protocol.BadRequestException;
import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ClientMessages;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.ProtocolException;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.RequestId;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the lines are that `genserver pipe` reads.
///
/// Without a name each line is a call or a cast as the wire has it, which may leave out the `op`
/// and the `id`. With a name each line is a message for that process, as `genserver call` takes it:
/// JSON, a word, or a word with fields.
///
/// @param name the process; null if each line names its own
/// @param cast whether lines are casts that do not say what they are
/// @param timeoutMillis of calls that have no limit of their own
record PipeSyntax(@Nullable String name, boolean cast, long timeoutMillis) {

  /// A line that is understood.
  ///
  /// @param caller what it calls itself, else its number
  /// @param named whether it calls itself something
  record Request(long line, ClientMessage message, RequestId caller, boolean named) {

    /// Whether nothing is said of it when it has arrived.
    boolean isSilent() {
      return message instanceof ClientMessage.Cast && !named;
    }

    /// The cast, without an id.
    ClientMessage unconfirmed() {
      return message instanceof ClientMessage.Cast(_, var to, var msg, var meta, var trace)
          ? new ClientMessage.Cast(null, to, msg, meta, trace)
          : message;
    }
  }

  /// A line that is not.
  static final class Malformed extends Exception {

    private final transient ServerMessage.Failure answer;

    Malformed(RequestId caller, WireError error) {
      super(error.message(), null, false, false);
      this.answer = new ServerMessage.Failure(caller, error);
    }

    ServerMessage.Failure answer() {
      return answer;
    }
  }

  /// The request that a line is.
  ///
  /// @param id what it is called on the wire
  Request parse(LineInput.Line line, RequestId id) throws Malformed {
    var number = RequestId.of(line.number());
    var bytes = line.bytes();
    if (bytes == null) {
      throw malformed(line, number, "it is longer than the daemon takes", Map.of());
    }
    try {
      return name == null
          ? envelope(line, bytes, id)
          : new Request(line.number(), message(name, bytes, id), number, false);
    } catch (BadRequestException e) {
      var caller = e.id() == null ? number : e.id();
      throw malformed(line, caller, e.error().message(), e.error().details());
    } catch (ProtocolException e) {
      throw malformed(line, number, e.error().message(), e.error().details());
    } catch (CliException e) {
      throw malformed(line, number, String.valueOf(e.getMessage()), Map.of());
    }
  }

  private ClientMessage message(String to, byte[] bytes, RequestId id) {
    var text = new String(bytes, StandardCharsets.UTF_8).strip();
    var msg = MessageSyntax.parseLine(text);
    return cast
        ? new ClientMessage.Cast(id, to, msg, Map.of(), null)
        : new ClientMessage.Call(id, to, msg, timeoutMillis, Map.of(), null);
  }

  private Request envelope(LineInput.Line line, byte[] bytes, RequestId id) throws Malformed {
    var number = RequestId.of(line.number());
    var fields = Fields.of(RawJson.of(bytes, 0, bytes.length).toValue()).values();
    boolean named = fields.containsKey("id");
    var whole = completed(line, bytes, fields.containsKey("op"), named);
    return switch (ClientMessages.decode(whole, 0, whole.length)) {
      case ClientMessage.Call(var caller, var to, var msg, var timeout, var meta, var trace) ->
          new Request(
              line.number(),
              new ClientMessage.Call(
                  id,
                  to,
                  msg,
                  fields.containsKey("timeout_ms") ? timeout : timeoutMillis,
                  meta,
                  trace),
              caller,
              named);
      case ClientMessage.Cast(var caller, var to, var msg, var meta, var trace) ->
          new Request(
              line.number(),
              new ClientMessage.Cast(id, to, msg, meta, trace),
              caller == null ? number : caller,
              named);
      case ClientMessage other ->
          throw malformed(
              line,
              other.id() == null ? number : other.id(),
              "a pipe takes calls and casts, and nothing else",
              Map.of("field", "op", "known", List.of("call", "cast")));
    };
  }

  /// The object with what it leaves out.
  private byte[] completed(LineInput.Line line, byte[] object, boolean hasOp, boolean hasId) {
    if (hasOp && hasId) {
      return object;
    }
    var added = new StringBuilder("{");
    if (!hasOp) {
      added.append(cast ? "\"op\":\"cast\"," : "\"op\":\"call\",");
    }
    if (!hasId) {
      added.append("\"id\":").append(line.number()).append(',');
    }
    int brace = 0;
    while (brace < object.length && object[brace] != '{') {
      brace++;
    }
    if (brace == object.length) {
      return object; // no object at all, as its decoding will tell
    }
    var rest = new String(object, brace + 1, object.length - brace - 1, StandardCharsets.UTF_8);
    if (rest.stripLeading().startsWith("}")) {
      added.setLength(added.length() - 1);
    }
    return added.append(rest).toString().getBytes(StandardCharsets.UTF_8);
  }

  private static Malformed malformed(
      LineInput.Line line, RequestId caller, String problem, Map<String, ?> details) {
    var all = new LinkedHashMap<String, @Nullable Object>(details);
    all.put("line", line.number());
    return new Malformed(
        caller,
        WireError.refused(
            ErrorCode.BAD_REQUEST, "line %d: %s".formatted(line.number(), problem), all));
  }
}
