package dev.genserver.client;

import dev.genserver.protocol.TlsOptions;
import dev.genserver.protocol.TokenFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// How a client connects and what it holds.
///
/// @param connectTimeout how long connecting may take, TLS and the daemon's welcome included
/// @param timeout how long a call or a cast may take that does not say
/// @param closeTimeout how long [GenServerClient#close] may take
/// @param maxBuffered how many bytes may wait to be written; above it callers wait, within their
///   timeouts
/// @param name what the client tells the daemon that it is called
/// @param token gives what it logs in with, and is asked each time it connects
/// @param tls how it knows the daemon, and is known by it; empty for no TLS, unless the address
///   begins with `tls://`
public record ClientOptions(
    Duration connectTimeout,
    Duration timeout,
    Duration closeTimeout,
    int maxBuffered,
    String name,
    Optional<Supplier<String>> token,
    Optional<TlsOptions> tls) {

  public ClientOptions {
    requirePositive("connectTimeout", connectTimeout);
    requirePositive("timeout", timeout);
    requirePositive("closeTimeout", closeTimeout);
    if (maxBuffered < 1) {
      throw new IllegalArgumentException("maxBuffered " + maxBuffered + " must be at least 1");
    }
  }

  /// Five seconds for each, 1 MiB, no login, no TLS.
  public static ClientOptions defaults() {
    var time = Duration.ofSeconds(5);
    return new ClientOptions(
        time, time, time, 1 << 20, "genserver-client", Optional.empty(), Optional.empty());
  }

  public ClientOptions connectTimeout(Duration connectTimeout) {
    return new ClientOptions(connectTimeout, timeout, closeTimeout, maxBuffered, name, token, tls);
  }

  public ClientOptions timeout(Duration timeout) {
    return new ClientOptions(connectTimeout, timeout, closeTimeout, maxBuffered, name, token, tls);
  }

  public ClientOptions closeTimeout(Duration closeTimeout) {
    return new ClientOptions(connectTimeout, timeout, closeTimeout, maxBuffered, name, token, tls);
  }

  public ClientOptions maxBuffered(int maxBuffered) {
    return new ClientOptions(connectTimeout, timeout, closeTimeout, maxBuffered, name, token, tls);
  }

  public ClientOptions name(String name) {
    return new ClientOptions(connectTimeout, timeout, closeTimeout, maxBuffered, name, token, tls);
  }

  /// Logs in with this token.
  public ClientOptions token(String token) {
    return token(() -> token);
  }

  /// Logs in with the token that the supplier gives, which may be another one each time.
  public ClientOptions token(Supplier<String> token) {
    return new ClientOptions(
        connectTimeout, timeout, closeTimeout, maxBuffered, name, Optional.of(token), tls);
  }

  /// Logs in with the token that the file holds, which is read each time.
  public ClientOptions tokenFile(Path file) {
    return token(() -> {
      try {
        return TokenFile.read(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    });
  }

  /// Speaks TLS.
  public ClientOptions tls(TlsOptions tls) {
    return new ClientOptions(
        connectTimeout, timeout, closeTimeout, maxBuffered, name, token, Optional.of(tls));
  }

  /// The token is a secret, so it is left out.
  @Override
  public String toString() {
    return "ClientOptions[connectTimeout=%s, timeout=%s, closeTimeout=%s, maxBuffered=%d, name=%s, tls=%s]"
        .formatted(connectTimeout, timeout, closeTimeout, maxBuffered, name, tls);
  }

  private static void requirePositive(String name, Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException(name + " " + time + " must be positive");
    }
  }
}
