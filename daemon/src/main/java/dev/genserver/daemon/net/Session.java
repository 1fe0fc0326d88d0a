package dev.genserver.daemon.net;

import dev.genserver.daemon.access.Access;
import dev.genserver.daemon.access.CertificateNames;
import dev.genserver.daemon.access.Credentials;
import dev.genserver.daemon.access.Login.Granted;
import dev.genserver.daemon.access.Login.Refused;
import dev.genserver.daemon.access.Principal;
import dev.genserver.daemon.request.Visitor;
import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.RequestId;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import dev.genserver.sdk.Durations;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Who the peer of a connection is, and what it may do. For the connection's event loop alone.
final class Session implements Visitor {

  private static final System.Logger LOG = System.getLogger(Session.class.getName());

  private static final int VERSION = 1;

  private final Connection connection;
  private final WireSettings settings;
  private final Wiring wiring;
  private Credentials credentials = Credentials.NONE;
  private volatile @Nullable Principal principal;
  private @Nullable Access judgedBy;
  private @Nullable Future<?> timer;
  private boolean failed;
  private long forbidden;

  Session(Connection connection, WireSettings settings, Wiring wiring) {
    this.connection = connection;
    this.settings = settings;
    this.wiring = wiring;
  }

  /// Lets the peer in if it need not log in, else begins to count its time.
  void begin() {
    if (wiring.gate().access().current().loginRequired()) {
      timer = connection.after(settings.loginTimeout(), this::tooLate);
    } else {
      logIn();
    }
  }

  /// Whether the peer may do more than log in.
  boolean isOpen() {
    return principal != null;
  }

  /// Whether a login has failed and its answer is to come: nothing is listened to any more.
  boolean hasFailed() {
    return failed;
  }

  void end() {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  // Logging in.

  /// The TLS handshake is over, and this is what the client has proven by it.
  void identified(X509Certificate certificate) {
    credentials = credentials.withCertificate(CertificateNames.of(certificate));
    if (wiring.gate().access().current().certificateSuffices()) {
      logIn();
    }
  }

  /// The TLS handshake has failed.
  void handshakeFailed(Throwable cause) {
    if (!(cause instanceof SSLException)) {
      LOG.log(Level.DEBUG, "handshake ended peer={0} reason={1}", connection.peerAddress(), cause);
      return; // the peer has left in the middle of it, or was too slow
    }
    var _ = wiring.gate().loginFailed(this, String.valueOf(cause.getMessage()));
  }

  /// Answers a hello.
  void hello(ClientMessage.Hello hello) {
    if (!hello.versions().contains(VERSION)) {
      refuse(hello.id(), unsupported(hello));
      connection.closeAfterLastWords();
      return;
    }
    var access = wiring.gate().access().current();
    judgedBy = access;
    if (hello.token() != null && access.takesTokens()) {
      credentials = credentials.withToken(hello.token());
    }
    switch (access.login(credentials)) {
      case Granted(Principal granted) -> {
        var first = principal == null;
        open(granted);
        if (first || hello.token() != null) {
          wiring.gate().counters().logins.increment();
          LOG.log(Level.DEBUG, "login peer={0} principal={1}", connection.peerAddress(), granted);
        }
        connection.send(welcome(hello.id(), granted));
      }
      case Refused(String reason) -> fail(hello.id(), reason);
    }
  }

  /// Answers whatever else comes before the login.
  void refuseUnknown(@Nullable RequestId id) {
    var access = wiring.gate().access().current();
    fail(id, access.login(credentials) instanceof Refused(String why) ? why : "log in first");
  }

  /// Judges the peer anew if what applies has changed: it may have other rights now, or none.
  void refresh() {
    var current = wiring.gate().access().current();
    if (principal == null || failed || current == judgedBy) {
      return;
    }
    judgedBy = current;
    switch (current.login(credentials)) {
      case Granted(Principal granted) -> principal = granted;
      case Refused(String reason) -> {
        LOG.log(
            Level.INFO,
            "connection closed peer={0} principal={1} reason={2}",
            connection.peerAddress(),
            principal,
            reason);
        connection.fail(unauthenticated(reason));
      }
    }
  }

  private void logIn() {
    judgedBy = wiring.gate().access().current();
    if (judgedBy.login(credentials) instanceof Granted(Principal granted)) {
      open(granted);
    }
  }

  private void open(Principal granted) {
    principal = granted;
    end();
  }

  private void tooLate() {
    if (principal == null && !failed) {
      connection.fail(
          unauthenticated(
              "no login within %s; send a hello with a token first"
                  .formatted(Durations.format(settings.loginTimeout()))));
    }
  }

  /// Answers once the peer has waited for it, and closes.
  private void fail(@Nullable RequestId id, String reason) {
    failed = true;
    end();
    connection.after(
        wiring.gate().loginFailed(this, reason),
        () -> {
          if (!connection.isOver()) {
            connection.send(new ServerMessage.Failure(id, unauthenticated(reason)));
            connection.closeAfterLastWords();
          }
        });
  }

  private void refuse(RequestId id, WireError error) {
    connection.send(new ServerMessage.Failure(id, error));
  }

  private static WireError unauthenticated(String reason) {
    return WireError.refused(ErrorCode.UNAUTHENTICATED, reason);
  }

  private static WireError unsupported(ClientMessage.Hello hello) {
    return WireError.refused(
        ErrorCode.UNSUPPORTED_VERSION,
        "none of the versions %s is spoken here; use version %d"
            .formatted(hello.versions(), VERSION),
        Map.of("supported", List.of(VERSION)));
  }

  private ServerMessage.Welcome welcome(RequestId id, Principal granted) {
    return new ServerMessage.Welcome(
        id,
        VERSION,
        wiring.server(),
        wiring.nodeName(),
        granted.name().orElse(null),
        new ServerMessage.Limits(
            settings.maxFrame(),
            settings.maxInFlight(),
            settings.maxTimeout().toMillis(),
            Math.min(ClientMessage.DEFAULT_TIMEOUT_MS, settings.maxTimeout().toMillis()),
            settings.idle().toMillis()));
  }

  // For the gate.

  @Override
  public long countForbidden() {
    return ++forbidden;
  }

  @Override
  public InetSocketAddress remote() {
    return connection.remote();
  }

  /// Who the peer is; empty before the login. For any thread.
  @Override
  public Optional<Principal> principal() {
    return Optional.ofNullable(principal);
  }
}
