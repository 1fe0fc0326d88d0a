package dev.genserver.daemon;

import dev.genserver.daemon.net.ServiceManager;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicBoolean;

/// What the daemon does when it is told to end, by a signal or by an operator.
///
/// A shutdown hook could neither exit with 0 nor notice a second signal, so this takes the signals
/// themselves. The JDK's class for that, `sun.misc.Signal`, is exported and supported, but the
/// compiler warns of each use and lets nobody suppress it: hence the method handles.
final class Signals {

  private static final System.Logger LOG = System.getLogger(Signals.class.getName());

  /// EX_SOFTWARE.
  private static final int DEFECT = 70;

  private final Daemon daemon;
  private final ServiceManager manager;
  private final String ready;
  private final AtomicBoolean told = new AtomicBoolean();

  private Signals(Daemon daemon, ServiceManager manager, String ready) {
    this.daemon = daemon;
    this.manager = manager;
    this.ready = ready;
  }

  /// Ends the daemon in order at the first SIGTERM or SIGINT, or when an operator has it drain, and
  /// exits with 0; at a signal after that, exits at once with 128 and the signal's number, as
  /// shells expect it. SIGHUP has it read its files again. See [UninvitedExit] for an end by other
  /// means.
  ///
  /// @param manager is told of both
  /// @param ready what it is told when the files have been read
  static void endOn(Daemon daemon, StandardStreams streams, ServiceManager manager, String ready) {
    var signals = new Signals(daemon, manager, ready);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(new UninvitedExit(daemon, signals.told, streams), "uninvited-exit"));
    daemon.onDrain(signals::drain);
    signals.take("TERM", "end", 15);
    signals.take("INT", "end", 2);
    signals.take("HUP", "reload", 1);
  }

  /// @param method which of this class's is called with the number
  private void take(String name, String method, int number) {
    try {
      var lookup = MethodHandles.lookup();
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      MethodHandle reaction =
          lookup
              .findVirtual(Signals.class, method, MethodType.methodType(void.class, int.class))
              .bindTo(this);
      var ignoringTheSignal =
          MethodHandles.dropArguments(
              MethodHandles.insertArguments(reaction, 0, number), 0, signal);
      lookup
          .findStatic(signal, "handle", MethodType.methodType(handler, signal, handler))
          .invoke(
              lookup
                  .findConstructor(signal, MethodType.methodType(void.class, String.class))
                  .invoke(name),
              MethodHandleProxies.asInterfaceInstance(handler, ignoringTheSignal));
    } catch (Throwable e) {
      throw new IllegalStateException("SIG" + name + " cannot be handled on this JVM", e);
    }
  }

  void reload(int number) {
    Thread.ofVirtual()
        .name("reload")
        .start(() -> {
          manager.reloading();
          daemon.reload();
          if (!told.get()) {
            manager.ready(ready);
          }
        });
  }

  void end(int number) {
    if (told.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon(false).name("shutdown").start(this::close);
    } else {
      Runtime.getRuntime().halt(128 + number);
    }
  }

  private void drain() {
    if (told.compareAndSet(false, true)) {
      close();
    }
  }

  private void close() {
    manager.stopping();
    try {
      daemon.close();
      System.exit(0);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "daemon did not end in order", e);
      System.exit(DEFECT);
    }
  }
}
