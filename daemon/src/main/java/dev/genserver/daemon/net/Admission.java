package dev.genserver.daemon.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// How many connections there may be, in all and from one address. Thread-safe.
///
/// An IPv6 address stands for the network of 64 bits that it is in: whoever has one address of it
/// mostly has them all.
final class Admission {

  private final int max;
  private final int maxPerAddress;
  private final AtomicInteger open = new AtomicInteger();
  private final ConcurrentHashMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();

  Admission(int max, int maxPerAddress) {
    this.max = max;
    this.maxPerAddress = maxPerAddress;
  }

  /// Counts a connection, which [#leave]s even if it was not admitted.
  ///
  /// @return why it may not stay; empty if it may
  Optional<String> enter(InetAddress address) {
    var all = open.incrementAndGet();
    var from = byAddress.merge(network(address), 1, Integer::sum);
    if (all > max) {
      return Optional.of(
          "%,d connections are open, as many as connection.max allows; close some or raise it"
              .formatted(max));
    }
    if (from > maxPerAddress) {
      return Optional.of(
          "%,d connections from this address are open, as many as connection.max-per-address allows; share them among your calls, or have it raised"
              .formatted(maxPerAddress));
    }
    return Optional.empty();
  }

  void leave(InetAddress address) {
    open.decrementAndGet();
    byAddress.computeIfPresent(network(address), (_, count) -> count == 1 ? null : count - 1);
  }

  private static InetAddress network(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address;
    }
    var bytes = address.getAddress();
    Arrays.fill(bytes, 8, 16, (byte) 0);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("16 bytes are an address", e);
    }
  }
}
