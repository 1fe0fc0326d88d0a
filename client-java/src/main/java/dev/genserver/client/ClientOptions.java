package dev.genserver.client;

import dev.genserver.protocol.TlsOptions;
import dev.genserver.protocol.TokenFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// How a client connects and what it holds. Immutable: each method that sets something gives
/// options that have it.
///
/// ```java
/// var options = ClientOptions.defaults().name("shop").tokenFile(Path.of("shop.token"));
/// ```
public final class ClientOptions {

  /// Options in the making.
  private static final class Draft {
    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration timeout = Duration.ofSeconds(5);
    private Duration closeTimeout = Duration.ofSeconds(5);
    private Duration keepalive = Duration.ofSeconds(30);
    private Backoff reconnect = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));
    private Patience whenUnconnected = Patience.WAIT;
    private Patience whenFull = Patience.WAIT;
    private int maxBuffered = 1 << 20;
    private Retry retry = Retry.none();
    private String name = "genserver-client";
    private Optional<Supplier<String>> token = Optional.empty();
    private Optional<TlsOptions> tls = Optional.empty();
    private List<ClientListener> listeners = List.of();
  }

  private final Duration connectTimeout;
  private final Duration timeout;
  private final Duration closeTimeout;
  private final Duration keepalive;
  private final Backoff reconnect;
  private final Patience whenUnconnected;
  private final Patience whenFull;
  private final int maxBuffered;
  private final Retry retry;
  private final String name;
  private final Optional<Supplier<String>> token;
  private final Optional<TlsOptions> tls;
  private final List<ClientListener> listeners;

  private ClientOptions(Draft draft) {
    connectTimeout = positive("connectTimeout", draft.connectTimeout);
    timeout = positive("timeout", draft.timeout);
    closeTimeout = positive("closeTimeout", draft.closeTimeout);
    keepalive = positive("keepalive", draft.keepalive);
    reconnect = draft.reconnect;
    whenUnconnected = draft.whenUnconnected;
    whenFull = draft.whenFull;
    maxBuffered = draft.maxBuffered;
    retry = draft.retry;
    name = draft.name;
    token = draft.token;
    tls = draft.tls;
    listeners = draft.listeners;
    if (maxBuffered < 1) {
      throw new IllegalArgumentException("maxBuffered " + maxBuffered + " must be at least 1");
    }
  }

  private ClientOptions with(Consumer<Draft> change) {
    var draft = new Draft();
    draft.connectTimeout = connectTimeout;
    draft.timeout = timeout;
    draft.closeTimeout = closeTimeout;
    draft.keepalive = keepalive;
    draft.reconnect = reconnect;
    draft.whenUnconnected = whenUnconnected;
    draft.whenFull = whenFull;
    draft.maxBuffered = maxBuffered;
    draft.retry = retry;
    draft.name = name;
    draft.token = token;
    draft.tls = tls;
    draft.listeners = listeners;
    change.accept(draft);
    return new ClientOptions(draft);
  }

  private static Duration positive(String name, Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException(name + " " + time + " must be positive");
    }
    return time;
  }

  /// Every option as its method says, no login, no TLS, no listener.
  public static ClientOptions defaults() {
    return new ClientOptions(new Draft());
  }

  /// How long connecting may take, to all addresses together, TLS and the daemon's welcome
  /// included. Five seconds unless set.
  public ClientOptions connectTimeout(Duration connectTimeout) {
    return with(draft -> draft.connectTimeout = connectTimeout);
  }

  public Duration connectTimeout() {
    return connectTimeout;
  }

  /// How long a request may take that does not say. Five seconds unless set.
  public ClientOptions timeout(Duration timeout) {
    return with(draft -> draft.timeout = timeout);
  }

  public Duration timeout() {
    return timeout;
  }

  /// How long [GenServerClient#close] may take. Five seconds unless set.
  public ClientOptions closeTimeout(Duration closeTimeout) {
    return with(draft -> draft.closeTimeout = closeTimeout);
  }

  public Duration closeTimeout() {
    return closeTimeout;
  }

  /// After how long without a word from the daemon it is pinged; after as long again without one
  /// the connection is given up. 30 seconds unless set.
  public ClientOptions keepalive(Duration idle) {
    return with(draft -> draft.keepalive = idle);
  }

  public Duration keepalive() {
    return keepalive;
  }

  /// How long to wait between attempts to connect again. The first one comes at once, unless the
  /// connection was lost soon after it was made; where a daemon does not let the client in, or does
  /// not prove who it is, each waits for `max`. From 100 ms to 10 s unless set.
  public ClientOptions reconnect(Backoff backoff) {
    return with(draft -> draft.reconnect = backoff);
  }

  public Backoff reconnect() {
    return reconnect;
  }

  /// Whether requests wait for a connection while there is none, or fail once an attempt to connect
  /// has. Silent casts always wait, in the buffer. [Patience#WAIT] unless set.
  public ClientOptions whenUnconnected(Patience patience) {
    return with(draft -> draft.whenUnconnected = patience);
  }

  public Patience whenUnconnected() {
    return whenUnconnected;
  }

  /// How many bytes of requests may wait here to be written, or for a connection. 1 MiB unless set.
  public ClientOptions maxBuffered(int maxBuffered) {
    return with(draft -> draft.maxBuffered = maxBuffered);
  }

  public int maxBuffered() {
    return maxBuffered;
  }

  /// Whether requests wait for room while the buffer is full, or fail with [OverloadedException].
  /// [Patience#WAIT] unless set.
  public ClientOptions whenFull(Patience patience) {
    return with(draft -> draft.whenFull = patience);
  }

  public Patience whenFull() {
    return whenFull;
  }

  /// What is asked again by itself. Nothing unless set.
  public ClientOptions retry(Retry retry) {
    return with(draft -> draft.retry = retry);
  }

  public Retry retry() {
    return retry;
  }

  /// What the client tells the daemon that it is called. `genserver-client` unless set.
  public ClientOptions name(String name) {
    return with(draft -> draft.name = name);
  }

  public String name() {
    return name;
  }

  /// Logs in with this token.
  public ClientOptions token(String token) {
    return token(() -> token);
  }

  /// Logs in with the token that the supplier gives; it is asked each time the client connects.
  public ClientOptions token(Supplier<String> token) {
    return with(draft -> draft.token = Optional.of(token));
  }

  /// Logs in with the token that the file holds, which is read each time the client connects.
  public ClientOptions tokenFile(Path file) {
    return token(() -> {
      try {
        return TokenFile.read(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    });
  }

  public Optional<Supplier<String>> token() {
    return token;
  }

  /// Speaks TLS, also to addresses that do not begin with `tls://`.
  ///
  /// @param tls how the client knows the daemon, and is known by it
  public ClientOptions tls(TlsOptions tls) {
    return with(draft -> draft.tls = Optional.of(tls));
  }

  public Optional<TlsOptions> tls() {
    return tls;
  }

  /// Tells this listener too what the client does.
  public ClientOptions listener(ClientListener listener) {
    var more = Stream.concat(listeners.stream(), Stream.of(listener)).toList();
    return with(draft -> draft.listeners = more);
  }

  public List<ClientListener> listeners() {
    return listeners;
  }

  /// The token is a secret, so it is left out.
  @Override
  public String toString() {
    return ("ClientOptions[connectTimeout=%s, timeout=%s, closeTimeout=%s, keepalive=%s,"
            + " reconnect=%s, whenUnconnected=%s, maxBuffered=%d, whenFull=%s, retry=%s,"
            + " name=%s, tls=%s]")
        .formatted(
            connectTimeout,
            timeout,
            closeTimeout,
            keepalive,
            reconnect,
            whenUnconnected,
            maxBuffered,
            whenFull,
            retry,
            name,
            tls);
  }
}
