package dev.genserver.testkit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Something that a process is to do for the test.
record Order<T extends @Nullable Object>(Supplier<T> code, CompletableFuture<T> result) {

  Order(Supplier<T> code) {
    this(code, new CompletableFuture<>());
  }

  void carryOut() {
    try {
      result.complete(code.get());
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  boolean isDone() {
    return result.isDone();
  }

  /// What came of it, once it is done; throws what the code threw.
  T value() {
    try {
      return result.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException thrown ? thrown : e;
    }
  }
}
