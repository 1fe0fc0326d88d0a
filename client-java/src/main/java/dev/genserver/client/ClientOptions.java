package dev.genserver.client;

import java.time.Duration;
import java.util.Optional;

/// How a client connects and what it holds.
///
/// @param connectTimeout how long connecting may take, the daemon's welcome included
/// @param timeout how long a call or a cast may take that does not say
/// @param closeTimeout how long [GenServerClient#close] may take
/// @param maxBuffered how many bytes may wait to be written; above it callers wait, within their
///   timeouts
/// @param name what the client tells the daemon that it is called
/// @param token what it logs in with
public record ClientOptions(
    Duration connectTimeout,
    Duration timeout,
    Duration closeTimeout,
    int maxBuffered,
    String name,
    Optional<String> token) {

  public ClientOptions {
    requirePositive("connectTimeout", connectTimeout);
    requirePositive("timeout", timeout);
    requirePositive("closeTimeout", closeTimeout);
    if (maxBuffered < 1) {
      throw new IllegalArgumentException("maxBuffered " + maxBuffered + " must be at least 1");
    }
  }

  /// Five seconds for each, 1 MiB, no login.
  public static ClientOptions defaults() {
    var time = Duration.ofSeconds(5);
    return new ClientOptions(time, time, time, 1 << 20, "genserver-client", Optional.empty());
  }

  public ClientOptions connectTimeout(Duration connectTimeout) {
    return new ClientOptions(connectTimeout, timeout, closeTimeout, maxBuffered, name, token);
  }

  public ClientOptions timeout(Duration timeout) {
    return new ClientOptions(connectTimeout, timeout, closeTimeout, maxBuffered, name, token);
  }

  public ClientOptions closeTimeout(Duration closeTimeout) {
    return new ClientOptions(connectTimeout, timeout, closeTimeout, maxBuffered, name, token);
  }

  public ClientOptions maxBuffered(int maxBuffered) {
    return new ClientOptions(connectTimeout, timeout, closeTimeout, maxBuffered, name, token);
  }

  public ClientOptions name(String name) {
    return new ClientOptions(connectTimeout, timeout, closeTimeout, maxBuffered, name, token);
  }

  public ClientOptions token(String token) {
    return new ClientOptions(
        connectTimeout, timeout, closeTimeout, maxBuffered, name, Optional.of(token));
  }

  /// The token is a secret, so it is left out.
  @Override
  public String toString() {
    return "ClientOptions[connectTimeout=%s, timeout=%s, closeTimeout=%s, maxBuffered=%d, name=%s]"
        .formatted(connectTimeout, timeout, closeTimeout, maxBuffered, name);
  }

  private static void requirePositive(String name, Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException(name + " " + time + " must be positive");
    }
  }
}
