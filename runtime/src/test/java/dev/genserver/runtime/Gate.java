package dev.genserver.runtime;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Holds those who want to pass until it is opened, and lets a test wait until somebody has come.
final class Gate {

  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch open = new CountDownLatch(1);

  /// Waits until the gate is open; an interrupt gets its thread off.
  void pass() {
    arrived.countDown();
    await(open, "the gate to open");
  }

  /// Waits until the gate is open, whatever interrupts.
  void passStubbornly() {
    arrived.countDown();
    while (open.getCount() > 0) {
      Thread.onSpinWait();
      try {
        open.await(1, TimeUnit.SECONDS);
      } catch (InterruptedException _) {
        // this is what makes it stubborn
      }
    }
  }

  void open() {
    open.countDown();
  }

  void awaitArrival() {
    await(arrived, "somebody to come to the gate");
  }

  private static void await(CountDownLatch latch, String what) {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new AssertionError("waited in vain for " + what);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + what, e);
    }
  }
}
