package dev.genserver.cli;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.FrameReader;
import dev.genserver.protocol.FrameWriter;
import dev.genserver.protocol.Framing;
import dev.genserver.protocol.ProtocolException;
import dev.genserver.protocol.RequestId;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.ServerMessages;
import dev.genserver.protocol.TlsException;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
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
  private final Closeable connection;
  private final boolean secure;
  private final FrameReader in;
  private final FrameWriter out;

  private Exchange(Failures failures, Deadline deadline, Socket socket) throws IOException {
    this.failures = failures;
    this.deadline = deadline;
    this.connection = socket;
    this.secure = false;
    this.in = new FrameReader(deadline.on(socket), Framing.MAX_FRAME_CEILING);
    this.out = new FrameWriter(socket.getOutputStream());
  }

  private Exchange(Failures failures, Deadline deadline, SecureConnection connection) {
    this.failures = failures;
    this.deadline = deadline;
    this.connection = connection;
    this.secure = true;
    this.in = new FrameReader(connection.input(), Framing.MAX_FRAME_CEILING);
    this.out = new FrameWriter(connection.output());
  }

  /// Connects to the daemon, and logs in if there is a token.
  static Exchange open(Command command, Shell shell, TimeLimit limit) {
    var access = Access.of(command.options(), shell);
    var failures = new Failures(command, access.address(), limit);
    var deadline = new Deadline(limit);
    var exchange = connect(access, failures, deadline);
    if (access.token() != null) {
      exchange.logIn(access.token());
    }
    return exchange;
  }

  private static Exchange connect(Access access, Failures failures, Deadline deadline) {
    var socket = new Socket();
    try {
      var host = InetAddress.getByName(access.address().host());
      var address = new InetSocketAddress(host, access.address().port());
      if (access.tls() != null) {
        var name = access.address().hostName();
        return new Exchange(
            failures, deadline, SecureConnection.open(access.tls(), address, name, deadline));
      }
      socket.setTcpNoDelay(true);
      socket.connect(address, deadline.socketTimeout());
      return new Exchange(failures, deadline, socket);
    } catch (IOException e) {
      close(socket);
      throw failures.unreachable(e);
    }
  }

  private void logIn(String token) {
    var client = new ClientMessage.ClientInfo("genserver", "java", null);
    try {
      // Awaited before anything else is sent: until then the daemon takes only small frames.
      ask(new ClientMessage.Hello(ID, List.of(1), client, token), ServerMessage.Welcome.class);
    } catch (CliException e) {
      close();
      throw e;
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
    if (secure) {
      // TLS has the daemon send something unasked. Closing with that unread would reset the
      // connection, and the request might be lost on its way.
      ask(new ClientMessage.Ping(ID), ServerMessage.Pong.class);
    }
  }

  /// Sends a request and waits for its answer. A call that is interrupted is cancelled.
  ///
  /// @param answer the kind of answer that means success
  <T extends ServerMessage> T ask(ClientMessage request, Class<T> answer) {
    var cancelling = new Cancelling();
    Runtime.getRuntime().addShutdownHook(cancelling);
    try {
      send(request);
    } catch (SocketTimeoutException _) {
      cancelling.disarm();
      throw failures.timeout();
    } catch (IOException _) {
      // The daemon has hung up, and most likely has said why.
    }
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
    } catch (TlsException e) {
      throw failures.insecure(e, Executed.MAYBE);
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
    close(connection);
  }

  private static void close(Closeable connection) {
    try {
      connection.close();
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
