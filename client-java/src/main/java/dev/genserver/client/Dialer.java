package dev.genserver.client;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.Executed;
import dev.genserver.protocol.RequestId;
import dev.genserver.protocol.TlsChannel;
import dev.genserver.protocol.TlsException;
import dev.genserver.protocol.TlsOptions;
import dev.genserver.protocol.WireError;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes connections: opens them, secures them, logs in. Thread-safe.
final class Dialer {

  private final ClientOptions options;
  private final AtomicLong ids;
  private final Connection.Owner owner;

  /// @param ids the last id that was given to a request
  Dialer(ClientOptions options, AtomicLong ids, Connection.Owner owner) {
    this.options = options;
    this.ids = ids;
    this.owner = owner;
  }

  /// Connects to the daemon there, by what its name stands for now, and logs in.
  ///
  /// @throws UnavailableException if nobody answers there
  /// @throws InsecureConnectionException if the daemon does not prove to be the one that is meant
  /// @throws UnauthenticatedException if the daemon does not let the client in
  /// @throws GenServerException for all else that may go wrong
  Connection dial(Address address, Deadline deadline) {
    var what = "connecting to " + address;
    var token = options.token().map(supplier -> token(what, supplier)).orElse(null);
    var connection = open(what, address, deadline);
    try {
      connection.welcomed(hello(connection, token, deadline).welcomeOf(what));
      return connection;
    } catch (GenServerException e) {
      connection.abandon();
      var insecure = connection.insecure();
      throw insecure == null ? e : GenServerException.of(what, insecure);
    }
  }

  private static String token(String what, Supplier<String> supplier) {
    try {
      return supplier.get();
    } catch (RuntimeException e) {
      var error =
          WireError.refused(
              ErrorCode.UNAUTHENTICATED, "there is no token to log in with: " + e.getMessage());
      var failure = new UnauthenticatedException(what, error);
      failure.initCause(e);
      throw failure;
    }
  }

  private Connection open(String what, Address address, Deadline deadline) {
    SocketChannel channel = null;
    try {
      channel = SocketChannel.open();
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      long millis = TimeUnit.NANOSECONDS.toMillis(deadline.left());
      channel
          .socket()
          .connect(
              new InetSocketAddress(address.host(), address.port()),
              (int) Math.max(1, Math.min(millis, Integer.MAX_VALUE)));
      channel.configureBlocking(false);
      var tls = address.tls() ? secure(address, channel, deadline) : null;
      return Connection.start(address, channel, tls, options.maxBuffered(), ids, owner);
    } catch (TlsException e) {
      Connection.close(channel);
      throw GenServerException.of(what, e);
    } catch (IOException e) {
      Connection.close(channel);
      var why = reason(e, deadline);
      throw new UnavailableException(
          what,
          WireError.refused(
              ErrorCode.UNAVAILABLE,
              why
                  + "; start the daemon there (scripts/genserverd), or give the address where it"
                  + " listens"));
    }
  }

  private TlsChannel secure(Address address, SocketChannel channel, Deadline deadline)
      throws IOException {
    var tls = options.tls().orElseGet(TlsOptions::defaults);
    return TlsChannel.connect(channel, tls, address.host(), deadline.left());
  }

  private static String reason(IOException e, Deadline deadline) {
    if (e instanceof SocketTimeoutException) {
      return "no answer within " + deadline;
    }
    if (e instanceof ClosedByInterruptException) {
      return "the connecting thread was interrupted";
    }
    if (e instanceof UnknownHostException || e.getMessage() == null) {
      return "no host has that name";
    }
    return e.getMessage();
  }

  private Outcome hello(Connection connection, @Nullable String token, Deadline deadline) {
    var info = new ClientMessage.ClientInfo(options.name(), "java", null);
    long id = ids.incrementAndGet();
    var request =
        new Request(
            id,
            deadline,
            left -> new ClientMessage.Hello(RequestId.of(id), List.of(1), info, token),
            (over, result) -> {});
    try {
      // A connection that is lost already ends the request itself, or does not take it.
      if (!connection.send(request, request.frame(), true, Math.max(1, deadline.left()))) {
        request.lose(connection.whyOver(), 0);
      }
      var outcome = request.outcome().get(deadline.leftForAnswer(), TimeUnit.NANOSECONDS);
      // Whatever became of it, a hello reaches no process.
      return outcome instanceof Outcome.Lost lost
          ? new Outcome.Lost(lost.error().message(), Executed.NO)
          : outcome;
    } catch (TimeoutException e) {
      return new Outcome.Refused(
          new WireError(
              ErrorCode.TIMEOUT,
              "no welcome within " + deadline + "; is it a genserverd, and not stuck?",
              Executed.NO,
              Map.of()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Refused(
          WireError.refused(ErrorCode.CANCELLED, "the connecting thread was interrupted"));
    } catch (ExecutionException e) {
      throw new AssertionError("outcomes do not fail", e);
    }
  }
}
