package dev.genserver.runtime;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Lets a thread of the operating system give way to all others.
///
/// Linux heeds no priority of a Java thread unless the JVM is told so, and then only root's. But
/// every thread may make itself nicer.
final class LowPriority {

  /// Of 19: a thread with it gets a tenth of what one without gets beside it.
  static final int NICE = 10;

  private static final int THREAD = 0; // what Linux calls PRIO_PROCESS
  private static final int ITSELF = 0;

  /// Null where it cannot be had: elsewhere it would be for the whole program.
  private static final @Nullable MethodHandle SET =
      "Linux".equals(System.getProperty("os.name")) ? setpriority() : null;

  private LowPriority() {}

  @SuppressWarnings("restricted") // the daemon's jar is allowed to
  private static @Nullable MethodHandle setpriority() {
    var linker = Linker.nativeLinker();
    var number = ValueLayout.JAVA_INT;
    var type = FunctionDescriptor.of(number, number, number, number);
    try {
      return linker
          .defaultLookup()
          .find("setpriority")
          .map(function -> linker.downcallHandle(function, type))
          .orElse(null);
    } catch (IllegalCallerException _) {
      return null; // the JVM was told to deny it
    }
  }

  /// Has the calling thread give way from now on, where that can be had.
  static void takeOn() {
    if (SET == null) {
      return;
    }
    try {
      var _ = (int) SET.invokeExact(THREAD, ITSELF, NICE);
    } catch (Throwable e) {
      throw new AssertionError("a function of the system threw", e);
    }
  }
}
