package dev.genserver.daemon.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.Cleaner;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Fails each test class that leaves a buffer of Netty unreleased. Registered for all of them, and
/// made before any of them loads Netty; the build has every buffer watched, with
/// `io.netty.leakDetection.level`.
public final class LeakCheck implements AfterAllCallback {

  private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

  private static final Cleaner CLEANER = Cleaner.create();

  static {
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Detectors());
  }

  private static final class Detectors extends ResourceLeakDetectorFactory {
    @Override
    @SuppressWarnings("deprecation") // the one that is abstract
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval, long maxActive) {
      return newResourceLeakDetector(resource, samplingInterval);
    }

    @Override
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval) {
      return new Detector<>(resource, samplingInterval);
    }
  }

  private static final class Detector<T> extends ResourceLeakDetector<T> {

    Detector(Class<T> resource, int samplingInterval) {
      super(resource, samplingInterval);
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String resource, String records) {
      LEAKS.add(resource + " was not released; it was last used at" + records);
    }

    @Override
    protected void reportUntracedLeak(String resource) {
      LEAKS.add(resource + " was not released");
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    collectGarbage();
    // Netty looks for leaks when it hands out the next buffer.
    ByteBufAllocator.DEFAULT.buffer().release();
    if (!LEAKS.isEmpty()) {
      var leaks = String.join("\n", LEAKS);
      LEAKS.clear();
      throw new AssertionError("buffers leaked, here or in a class that ran before: " + leaks);
    }
  }

  /// Returns when what nobody refers to any more is known to be so.
  private static void collectGarbage() throws InterruptedException {
    var collected = new CountDownLatch(1);
    CLEANER.register(new Object(), collected::countDown);
    for (var i = 0; i < 50; i++) {
      System.gc();
      if (collected.await(100, TimeUnit.MILLISECONDS)) {
        return;
      }
    }
    throw new AssertionError("the garbage was not collected within 5 s");
  }
}
