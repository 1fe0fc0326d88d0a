package dev.genserver.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the daemon sends to a client.
public sealed interface ServerMessage {

  /// Writes the message as a JSON object.
  void writeTo(JsonWriter out);

  /// Answers [ClientMessage.Hello].
  ///
  /// @param version the one that is spoken from now on
  record Welcome(
      RequestId id,
      int version,
      String server,
      String node,
      @Nullable String principal,
      Limits limits)
      implements ServerMessage {

    @Override
    public void writeTo(JsonWriter out) {
      ServerMessages.begin(out, "welcome", id)
          .field("version")
          .number(version)
          .field("server")
          .string(server)
          .field("node")
          .string(node);
      ClientMessages.optional(out, "principal", principal);
      out.field("limits");
      limits.writeTo(out);
      out.endObject();
    }
  }

  /// What the daemon allows a connection.
  ///
  /// @param maxFrame the longest frame, both ways, in bytes
  /// @param maxInFlight how many calls may be open
  /// @param maxTimeoutMs the longest time limit of a call; [ClientMessage#INFINITY] for any
  /// @param defaultTimeoutMs the time limit of a call that says none
  /// @param idleMs after how long without a sign of life the connection is closed
  record Limits(
      int maxFrame, int maxInFlight, long maxTimeoutMs, long defaultTimeoutMs, long idleMs) {

    void writeTo(JsonWriter out) {
      out.beginObject().field("max_frame").number(maxFrame);
      out.field("max_in_flight").number(maxInFlight);
      if (maxTimeoutMs == ClientMessage.INFINITY) {
        out.field("max_timeout_ms").string("infinity");
      } else {
        out.field("max_timeout_ms").number(maxTimeoutMs);
      }
      out.field("default_timeout_ms").number(defaultTimeoutMs);
      out.field("idle_ms").number(idleMs).endObject();
    }
  }

  /// Answers a call with what the process replied.
  record Reply(RequestId id, RawJson result) implements ServerMessage {
    @Override
    public void writeTo(JsonWriter out) {
      ServerMessages.beginReply(out, id);
      out.json(result);
      ServerMessages.endReply(out);
    }
  }

  /// Answers anything else that was done.
  record Ok(RequestId id, @Nullable RawJson result) implements ServerMessage {
    @Override
    public void writeTo(JsonWriter out) {
      ServerMessages.begin(out, "ok", id);
      if (result != null) {
        out.field("result").json(result);
      }
      out.endObject();
    }
  }

  /// Answers what failed; op `error`.
  ///
  /// @param id the request's; null if it had none that could be read
  record Failure(@Nullable RequestId id, WireError error) implements ServerMessage {
    @Override
    public void writeTo(JsonWriter out) {
      ServerMessages.begin(out, "error", id).field("error");
      error.writeTo(out);
      out.endObject();
    }
  }

  /// Tells that a monitored process ended, or is not there.
  ///
  /// @param pid null if nobody held the name
  /// @param name what was monitored, if it was a name
  /// @param reason an exit reason: `kind`, and what goes with it
  record Down(
      String ref, @Nullable String pid, @Nullable String name, Map<String, @Nullable Object> reason)
      implements ServerMessage {

    @Override
    public void writeTo(JsonWriter out) {
      ServerMessages.begin(out, "down", null).field("ref").string(ref);
      ClientMessages.optional(out, "pid", pid);
      ClientMessages.optional(out, "name", name);
      out.field("reason").value(reason).endObject();
    }
  }

  /// Answers a [ClientMessage.Ping].
  record Pong(@Nullable RequestId id) implements ServerMessage {
    @Override
    public void writeTo(JsonWriter out) {
      ServerMessages.begin(out, "pong", id).endObject();
    }
  }

  /// Tells that the daemon will close the connection.
  ///
  /// @param graceMs how long what was sent before may still take, in milliseconds
  record Goodbye(ErrorCode code, String message, @Nullable Long graceMs) implements ServerMessage {
    @Override
    public void writeTo(JsonWriter out) {
      ServerMessages.begin(out, "goodbye", null)
          .field("code")
          .string(code.wireName())
          .field("message")
          .string(message);
      if (graceMs != null) {
        out.field("grace_ms").number(graceMs);
      }
      out.endObject();
    }
  }

  /// Asks an idle client for a sign of life.
  record Ping() implements ServerMessage {
    @Override
    public void writeTo(JsonWriter out) {
      ServerMessages.begin(out, "ping", null).endObject();
    }
  }

  /// Something that a newer daemon says; to be ignored. Never sent.
  record Unknown(String op) implements ServerMessage {
    @Override
    public void writeTo(JsonWriter out) {
      ServerMessages.begin(out, op, null).endObject();
    }
  }
}
