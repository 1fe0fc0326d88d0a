package dev.genserver.runtime;

import dev.genserver.sdk.ExitReason;
import org.jspecify.annotations.Nullable;

/// Told once, on any thread, that a process has ended; must not block.
interface Watcher {

  /// The process on whose behalf it watches, by a monitor; null if there is none.
  default @Nullable LocalProcess monitoring() {
    return null;
  }

  void ended(LocalProcess process, ExitReason reason);
}
