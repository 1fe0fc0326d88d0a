package dev.genserver.runtime;

/// Thrown into code of a process that has been ended by others, to get it off its thread.
final class ProcessEnded extends Error {

  ProcessEnded(LocalProcess process) {
    super(process + " has ended: " + process.exitReason(), null, false, false);
  }
}
