package dev.genserver.runtime;

import dev.genserver.sdk.ExitReason;

/// Told once, on any thread, that a process has ended; must not block.
interface Watcher {
  void ended(LocalProcess process, ExitReason reason);
}
