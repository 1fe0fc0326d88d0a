package dev.genserver.cli;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.FrameWriter;
import dev.genserver.protocol.ProtocolException;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.RequestId;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.ServerMessages;
import dev.genserver.protocol.TlsException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One request and its answer, and what may follow that, over a connection of its own. Another
/// request may come when the one before is answered.
///
/// The time limit counts from [#open] to the last answer. Every failure is a [CliException] that
/// says whether the process may have seen the request. Belongs to one thread; only the cancelling
/// of an interrupted call comes from another.
final class Exchange implements AutoCloseable {

  /// The id of the only request that is under way.
  static final RequestId ID = RequestId.of(1);

  private final Failures failures;
  private final Deadline deadline;
  private final Connection connection;
  private final FrameWriter out;
  private ServerMessage.@Nullable Limits limits;

  private Exchange(Failures failures, Deadline deadline, Connection connection) {
    this.failures = failures;
    this.deadline = deadline;
    this.connection = connection;
    this.out = new FrameWriter(connection.out());
  }

  /// Connects to the daemon, and logs in if there is a token.
  static Exchange open(Command command, Shell shell, TimeLimit limit) {
    var access = Access.of(command.options(), shell);
    var exchange = connect(command, access, limit);
    if (access.token() != null) {
      exchange.greet(access.token());
    }
    return exchange;
  }

  /// Connects, says hello even without a token, and then is for many requests.
  static Link link(Command command, Shell shell, TimeLimit limit) {
    var access = Access.of(command.options(), shell);
    var exchange = connect(command, access, limit);
    var welcome = exchange.greet(access.token());
    exchange.deadline.lift();
    return new Link(exchange.connection, exchange.failures, welcome.limits());
  }

  private static Exchange connect(Command command, Access access, TimeLimit limit) {
    var failures = new Failures(command, access.address(), limit);
    var deadline = new Deadline(limit);
    return new Exchange(failures, deadline, Connection.open(access, failures, deadline));
  }

  private ServerMessage.Welcome greet(@Nullable String token) {
    var client = new ClientMessage.ClientInfo("genserver", "java", null);
    try {
      // Awaited before anything else is sent: until then the daemon takes only small frames.
      var welcome =
          ask(new ClientMessage.Hello(ID, List.of(1), client, token), ServerMessage.Welcome.class);
      limits = welcome.limits();
      return welcome;
    } catch (CliException e) {
      close();
      throw e;
    }
  }

  /// What is left of the time limit.
  long remainingMillis() {
    return deadline.remainingMillis();
  }

  /// How long a frame may be, in bytes; the daemon is asked if it has not said so yet.
  int maxFrame() {
    return (limits == null ? greet(null).limits() : limits).maxFrame();
  }

  /// Has a process answer a call.
  RawJson call(String to, RawJson msg) {
    var call = new ClientMessage.Call(ID, to, msg, remainingMillis(), Map.of(), null);
    return ask(call, ServerMessage.Reply.class).result();
  }

  /// Sends a request that gets no answer.
  void tell(ClientMessage request) {
    try {
      send(request);
    } catch (IOException e) {
      throw failures.lost(e, null);
    }
    if (connection.secure()) {
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
        byte[] frame = connection.in().read();
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
    connection.close();
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
