package dev.genserver.runtime;

/// Gives a process a thread while it has something to do.
///
/// What runs may block for long, so each activation needs a thread of its own; see ADR 5.
interface Scheduler {

  /// Runs `activation` of `process` soon, on a thread whose context class loader is `loader`.
  void activate(LocalProcess process, Runnable activation, ClassLoader loader);

  /// A new thread for each activation: an idle process holds none.
  static Scheduler newThreads() {
    return new ActivationThreads(ActivationThreads.MOST_CPU_BOUND, ActivationThreads.Own::new);
  }
}
