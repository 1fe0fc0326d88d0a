package dev.genserver.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.genserver.sdk.CallException;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// A spawned process with a body that gives a result, and an end that a test can wait for.
///
/// @param result what the body returned; never completed if it did not return
/// @param end why the process ended
record TestProcess<T>(Pid pid, CompletableFuture<T> result, CompletableFuture<ExitReason> end) {

  static final Duration SOON = Duration.ofSeconds(20);

  /// Starts a process that does not trap exits.
  static <T> TestProcess<T> spawn(Node node, Function<ProcessContext, T> body) {
    var gate = new Gate();
    var result = new CompletableFuture<T>();
    var pid =
        node.spawn(() -> {
          gate.pass();
          result.complete(body.apply(ProcessContext.current()));
        });
    var process = new TestProcess<>(pid, result, endOf(node, pid));
    gate.open();
    return process;
  }

  /// Starts one that traps them.
  static <T> TestProcess<T> spawnTrapping(Node node, Function<ProcessContext, T> body) {
    return spawn(
        node,
        me -> {
          me.trapExit(true);
          return body.apply(me);
        });
  }

  /// Starts one that lives until it is ended.
  static TestProcess<Boolean> idle(Node node) {
    return spawn(node, TestProcess::waitForEver);
  }

  /// Keeps the process that runs this alive until others end it.
  static boolean waitForEver(ProcessContext me) {
    while (me.isAlive(me.self())) {
      me.receive(Duration.ofMinutes(1));
    }
    return true;
  }

  T awaitResult() {
    return await(result);
  }

  ExitReason awaitEnd() {
    return await(end);
  }

  /// Completed with the reason when the process ends; it must not have ended yet.
  static CompletableFuture<ExitReason> endOf(Node node, Pid pid) {
    var end = new CompletableFuture<ExitReason>();
    var process = node.table.find(pid);
    assertThat(process).as("process %s, which is to be watched", pid).isNotNull();
    assertThat(process.watch(node.nextMonitorRef(), (_, reason) -> end.complete(reason))).isTrue();
    return end;
  }

  static <T> T await(CompletableFuture<T> future) {
    return future.orTimeout(SOON.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  /// The next message, which must come.
  static InfoMessage receive(ProcessContext me) {
    return me.receive(SOON).orElseThrow(() -> new AssertionError("no message came"));
  }

  /// Whether no message waits.
  static boolean mailboxIsEmpty(ProcessContext me) {
    return me.receive(Duration.ZERO).isEmpty();
  }

  /// The failure that the call ends in.
  static CallException failure(ThrowingCallable call) {
    var thrown = catchThrowableOfType(CallException.class, call);
    assertThat(thrown).as("the failure of the call").isNotNull();
    return thrown;
  }

  /// Runs `body` on a thread that is no process.
  static <T> CompletableFuture<T> outside(Supplying<T> body) {
    var result = new CompletableFuture<T>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            result.complete(body.get());
          } catch (Throwable thrown) {
            result.completeExceptionally(thrown);
          }
        });
    return result;
  }

  /// Something that gives a value, or throws.
  interface Supplying<T> {
    T get() throws Exception;
  }
}
