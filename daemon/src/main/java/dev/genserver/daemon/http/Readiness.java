package dev.genserver.daemon.http;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Whether the daemon takes requests, and if not, why. Thread-safe.
public final class Readiness {

  private enum Stage {
    STARTING,
    RUNNING,
    ENDING
  }

  private volatile Stage stage = Stage.STARTING;
  private volatile Supplier<List<String>> criticalDown = List::of;

  /// All is there.
  ///
  /// @param criticalDown the names of the processes that must be there and are not; is asked again
  ///   and again, and must not block
  public void running(Supplier<List<String>> criticalDown) {
    this.criticalDown = criticalDown;
    stage = Stage.RUNNING;
  }

  /// The end has begun.
  public void ending() {
    stage = Stage.ENDING;
  }

  /// Whether requests may be sent here now.
  public boolean isReady() {
    return notReady().isEmpty();
  }

  /// Why no requests are taken; empty if they are.
  Optional<String> closed() {
    return switch (stage) {
      case STARTING -> Optional.of("the daemon is starting");
      case RUNNING -> Optional.empty();
      case ENDING -> Optional.of("the daemon is ending");
    };
  }

  /// Why nobody should send requests here now; empty if all is well.
  Optional<String> notReady() {
    return closed().or(this::missing);
  }

  private Optional<String> missing() {
    var down = criticalDown.get();
    return switch (down.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of("the critical process '%s' is down".formatted(down.getFirst()));
      default ->
          Optional.of("the critical processes '%s' are down".formatted(String.join("', '", down)));
    };
  }
}
