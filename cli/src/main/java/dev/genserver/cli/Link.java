package dev.genserver.cli;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.ProtocolException;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.ServerMessages;
import dev.genserver.protocol.TlsException;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A connection that carries many requests at a time.
///
/// Any thread may send; what is sent goes out by the time of the next [#flush]. One thread
/// receives. Sending blocks while the daemon does not read.
final class Link implements Closeable {

  private static final int ENOUGH = 32 * 1024;

  private final Connection connection;
  private final Failures failures;
  private final ServerMessage.Limits limits;
  private final JsonWriter outbound = new JsonWriter(2 * ENOUGH);
  private ServerMessage.@Nullable Goodbye goodbye;

  /// A connection on which nothing is under way.
  Link(Connection connection, Failures failures, ServerMessage.Limits limits) {
    this.connection = connection;
    this.failures = failures;
    this.limits = limits;
  }

  /// What the daemon's welcome said.
  ServerMessage.Limits limits() {
    return limits;
  }

  /// Sends a request.
  ///
  /// @return whether it is of a length that the daemon takes; if not, it is not sent
  /// @throws IOException if the connection is lost; [#receive] tells why
  synchronized boolean send(ClientMessage request) throws IOException {
    int before = outbound.length();
    int frame = outbound.beginFrame();
    request.writeTo(outbound);
    if (outbound.endFrame(frame) > limits.maxFrame()) {
      outbound.truncate(before);
      return false;
    }
    if (outbound.length() >= ENOUGH) {
      flush();
    }
    return true;
  }

  /// Has all that was sent go out.
  synchronized void flush() throws IOException {
    if (outbound.length() > 0) {
      try {
        connection.out().write(outbound.array(), 0, outbound.length());
      } finally {
        outbound.reset();
      }
    }
  }

  /// Waits for the next answer: a reply, an ok, an error or a pong.
  ///
  /// @throws CliException if none will come any more
  ServerMessage receive() {
    try {
      while (true) {
        byte[] frame = connection.in().read();
        if (frame == null) {
          throw failures.lost(null, goodbye);
        }
        var message = ServerMessages.decode(frame, 0, frame.length);
        if (message instanceof ServerMessage.Ping) {
          send(new ClientMessage.Ping(null)); // any sign of life will do
          flush();
        } else if (message instanceof ServerMessage.Goodbye last) {
          goodbye = last;
        } else if (isAnswer(message)) {
          return message;
        }
      }
    } catch (TlsException e) {
      throw failures.insecure(e, Executed.MAYBE);
    } catch (IOException e) {
      throw failures.lost(e, goodbye);
    } catch (ProtocolException e) {
      throw failures.foreign(e);
    }
  }

  private static boolean isAnswer(ServerMessage message) {
    return message instanceof ServerMessage.Reply
        || message instanceof ServerMessage.Ok
        || message instanceof ServerMessage.Failure
        || message instanceof ServerMessage.Pong;
  }

  /// Ends it; [#receive] fails from then on.
  @Override
  public void close() {
    connection.close();
  }
}
