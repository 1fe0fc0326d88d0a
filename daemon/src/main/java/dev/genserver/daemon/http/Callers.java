package dev.genserver.daemon.http;

import dev.genserver.daemon.access.Principal;
import dev.genserver.sdk.Pid;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Who has a request over HTTP at work, as processes know them. Thread-safe.
public final class Callers {

  private final Map<Pid, Guest> open = new ConcurrentHashMap<>();

  /// Somebody who asks.
  ///
  /// @param peer the address
  /// @param principal empty if it need not log in
  public record Known(String peer, Optional<String> principal) {}

  /// Who that process stands for.
  public Optional<Known> of(Pid pid) {
    return Optional.ofNullable(open.get(pid))
        .map(guest -> new Known(guest.peerAddress(), guest.principal().flatMap(Principal::name)));
  }

  void add(Pid pid, Guest guest) {
    open.put(pid, guest);
  }

  void remove(Pid pid) {
    open.remove(pid);
  }
}
