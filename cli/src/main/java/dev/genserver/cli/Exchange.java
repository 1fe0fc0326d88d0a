package dev.genserver.cli;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.FrameReader;
import dev.genserver.protocol.FrameWriter;
import dev.genserver.protocol.Framing;
import dev.genserver.protocol.ProtocolException;
import dev.genserver.protocol.RequestId;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.ServerMessages;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/// One request and its answer, and what may follow that, over a connection of its own.
///
/// The time limit counts from [#open] to the answer. Every failure is a [CliException] that says
/// whether the process may have seen the request. Belongs to one thread; only the cancelling of an
/// interrupted call comes from another.
final class Exchange implements AutoCloseable {

  /// The id of the only request.
  static final RequestId ID = RequestId.of(1);

  private final Failures failures;
  private final Deadline deadline;
  private final Socket socket;
  private final FrameReader in;
  private final FrameWriter out;

  private Exchange(Failures failures, Deadline deadline, Socket socket) throws IOException {
    this.failures = failures;
    this.deadline = deadline;
    this.socket = socket;
    this.in = new FrameReader(deadline.on(socket), Framing.MAX_FRAME_CEILING);
    this.out = new FrameWriter(socket.getOutputStream());
  }

  /// Connects to the daemon.
  static Exchange open(Command command, Address address, TimeLimit limit) {
    var failures = new Failures(command, address, limit);
    var deadline = new Deadline(limit);
    var socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      var host = InetAddress.getByName(address.host());
      socket.connect(new InetSocketAddress(host, address.port()), deadline.socketTimeout());
      return new Exchange(failures, deadline, socket);
    } catch (IOException e) {
      close(socket);
      throw failures.unreachable(e);
    }
  }

  /// What is left of the time limit.
  long remainingMillis() {
    return deadline.remainingMillis();
  }

  /// Sends a request that gets no answer.
  void tell(ClientMessage request) {
    try {
      send(request);
    } catch (IOException e) {
      throw failures.lost(e, null);
    }
  }

  /// Sends a request and waits for its answer. A call that is interrupted is cancelled.
  ///
  /// @param answer the kind of answer that means success
  <T extends ServerMessage> T ask(ClientMessage request, Class<T> answer) {
    tell(request);
    var cancelling = new Cancelling();
    Runtime.getRuntime().addShutdownHook(cancelling);
    try {
      return await(answer);
    } finally {
      cancelling.disarm();
    }
  }

  /// Waits, as long as it takes, for what follows the answer.
  <T extends ServerMessage> T waitFor(Class<T> message) {
    deadline.lift();
    return await(message);
  }

  private <T extends ServerMessage> T await(Class<T> answer) {
    ServerMessage.@Nullable Goodbye goodbye = null;
    try {
      while (true) {
        byte[] frame = in.read();
        if (frame == null) {
          throw failures.lost(null, goodbye);
        }
        var message = ServerMessages.decode(frame, 0, frame.length);
        if (answer.isInstance(message)) {
          return answer.cast(message);
        }
        goodbye = heed(message, goodbye);
      }
    } catch (SocketTimeoutException _) {
      cancel();
      throw failures.timeout();
    } catch (IOException e) {
      throw failures.lost(e, goodbye);
    } catch (ProtocolException e) {
      throw failures.foreign(e);
    }
  }

  /// Takes note of what is not the awaited answer; what a newer daemon may say besides is ignored.
  private ServerMessage.@Nullable Goodbye heed(
      ServerMessage message, ServerMessage.@Nullable Goodbye goodbye) throws IOException {
    if (message instanceof ServerMessage.Failure failure) {
      throw failures.refused(failure.error());
    }
    if (message instanceof ServerMessage.Ping) {
      send(new ClientMessage.Ping(null)); // any sign of life will do
    }
    return message instanceof ServerMessage.Goodbye last ? last : goodbye;
  }

  private synchronized void send(ClientMessage message) throws IOException {
    out.write(message);
  }

  private void cancel() {
    try {
      send(new ClientMessage.Cancel(ID));
    } catch (IOException _) {
      // The daemon cancels by itself what a lost connection had open.
    }
  }

  @Override
  public void close() {
    close(socket);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // Nothing is left to be done with it.
    }
  }

  /// Ctrl-C: tells the daemon to give up the call as well. Closing the connection would not, since
  /// a peer that has only finished sending still wants its answers.
  private final class Cancelling extends Thread {

    @Override
    public void run() {
      cancel();
    }

    void disarm() {
      try {
        Runtime.getRuntime().removeShutdownHook(this);
      } catch (IllegalStateException _) {
        // The JVM is ending, and this hook runs.
      }
    }
  }
}
