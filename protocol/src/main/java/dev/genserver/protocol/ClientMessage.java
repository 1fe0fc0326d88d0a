package dev.genserver.protocol;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a client sends to the daemon.
public sealed interface ClientMessage {

  /// A time limit that is none, in milliseconds; `"infinity"` on the wire.
  long INFINITY = Long.MAX_VALUE;

  /// A call's time limit where it says none, in milliseconds.
  long DEFAULT_TIMEOUT_MS = 5_000;

  /// What the client calls this request; null if it wants no answer to it.
  @Nullable RequestId id();

  /// Writes the message as a JSON object.
  void writeTo(JsonWriter out);

  /// Says who the client is and which versions it speaks.
  record Hello(
      RequestId id, List<Integer> versions, @Nullable ClientInfo client, @Nullable String token)
      implements ClientMessage {

    public Hello {
      versions = List.copyOf(versions);
    }

    @Override
    public void writeTo(JsonWriter out) {
      ClientMessages.begin(out, "hello", id).field("versions").value(versions);
      if (client != null) {
        out.field("client");
        client.writeTo(out);
      }
      ClientMessages.optional(out, "token", token);
      out.endObject();
    }

    /// The token is a secret, so it is left out.
    @Override
    public String toString() {
      return "Hello[id=%s, versions=%s, client=%s]".formatted(id, versions, client);
    }
  }

  /// What a client says of itself.
  record ClientInfo(@Nullable String name, @Nullable String lang, @Nullable String version) {

    void writeTo(JsonWriter out) {
      out.beginObject();
      ClientMessages.optional(out, "name", name);
      ClientMessages.optional(out, "lang", lang);
      ClientMessages.optional(out, "version", version);
      out.endObject();
    }
  }

  /// Asks a process and waits for its reply.
  ///
  /// @param to a name or a pid
  /// @param timeoutMs the time that the caller still has; 0 or more, [#INFINITY] for no limit
  /// @param trace a W3C traceparent
  record Call(
      RequestId id,
      String to,
      RawJson msg,
      long timeoutMs,
      Map<String, String> meta,
      @Nullable String trace)
      implements ClientMessage {

    public Call {
      meta = ClientMessages.immutable(meta);
    }

    @Override
    public void writeTo(JsonWriter out) {
      ClientMessages.begin(out, "call", id).field("to").string(to).field("msg").json(msg);
      if (timeoutMs == INFINITY) {
        out.field("timeout_ms").string("infinity");
      } else {
        out.field("timeout_ms").number(timeoutMs);
      }
      ClientMessages.end(out, meta, trace);
    }
  }

  /// Tells a process something. With an id the daemon says when it is in the mailbox.
  ///
  /// @param to a name or a pid
  /// @param trace a W3C traceparent
  record Cast(
      @Nullable RequestId id,
      String to,
      RawJson msg,
      Map<String, String> meta,
      @Nullable String trace)
      implements ClientMessage {

    public Cast {
      meta = ClientMessages.immutable(meta);
    }

    @Override
    public void writeTo(JsonWriter out) {
      ClientMessages.begin(out, "cast", id).field("to").string(to).field("msg").json(msg);
      ClientMessages.end(out, meta, trace);
    }
  }

  /// Gives up an open call.
  ///
  /// @param id the call's
  record Cancel(RequestId id) implements ClientMessage {
    @Override
    public void writeTo(JsonWriter out) {
      ClientMessages.begin(out, "cancel", id).endObject();
    }
  }

  /// Asks to be told when a process ends.
  ///
  /// @param to a name or a pid
  record Monitor(RequestId id, String to) implements ClientMessage {
    @Override
    public void writeTo(JsonWriter out) {
      ClientMessages.begin(out, "monitor", id).field("to").string(to).endObject();
    }
  }

  /// Ends a monitor.
  ///
  /// @param ref as the answer to [Monitor] gave it
  record Demonitor(RequestId id, String ref) implements ClientMessage {
    @Override
    public void writeTo(JsonWriter out) {
      ClientMessages.begin(out, "demonitor", id).field("ref").string(ref).endObject();
    }
  }

  /// Asks for a sign of life.
  record Ping(@Nullable RequestId id) implements ClientMessage {
    @Override
    public void writeTo(JsonWriter out) {
      ClientMessages.begin(out, "ping", id).endObject();
    }
  }
}
