package dev.genserver.runtime;

/// Threads of the runtime's own. They are made when they are first needed, which may be by code of
/// a plugin: they inherit nothing of that.
final class HostThreads {

  private HostThreads() {}

  /// One that does not keep the JVM alive, and is yet to be started.
  static Thread named(String name, Runnable work) {
    var thread =
        Thread.ofPlatform()
            .daemon()
            .name(name)
            .inheritInheritableThreadLocals(false)
            .unstarted(work);
    thread.setContextClassLoader(LocalProcess.HOST);
    return thread;
  }
}
