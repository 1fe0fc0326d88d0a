package dev.genserver.sdk;

/// Binds a thread to the process whose code it runs. For runtimes and test kits, not for plugins.
public final class CurrentProcess {

  private static final ScopedValue<ProcessContext> CURRENT = ScopedValue.newInstance();

  private CurrentProcess() {}

  /// Runs `body` as code of `process`.
  public static void run(ProcessContext process, Runnable body) {
    ScopedValue.where(CURRENT, process).run(body);
  }

  /// Whether this thread runs code of a process.
  public static boolean isBound() {
    return CURRENT.isBound();
  }

  static ProcessContext get() {
    if (!CURRENT.isBound()) {
      throw new IllegalStateException(
          "this thread runs no process; call this from a callback, not from a thread it has started");
    }
    return CURRENT.get();
  }
}
