package dev.genserver.testkit;

import dev.genserver.runtime.Node;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.Timeouts;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A process of the test's own, got by [TestNode#probe]: it collects what it is sent, and does what
/// the test tells it. It traps exits. As with the node, what a method sets off has happened when it
/// returns. Thread-safe.
///
/// ```java
/// var probe = node.probe();
/// node.call(topics, new Subscribe("news", probe.pid()), Void.class);
/// node.cast(topics, new Publish("news", "extra!"));
/// assertThat(probe.messages()).containsExactly(new InfoMessage.Message("extra!"));
/// ```
public final class Probe {

  private final Node node;
  private final Patience patience;
  private final Runnable settle;
  private final List<InfoMessage> messages = new CopyOnWriteArrayList<>();
  private final Pid pid;

  Probe(Node node, Patience patience, Runnable settle) {
    this.node = node;
    this.patience = patience;
    this.settle = settle;
    this.pid = node.spawn(this::collect);
    run(() -> ProcessContext.current().trapExit(true));
  }

  private void collect() {
    while (true) {
      ProcessContext.current()
          .receive(Timeouts.INFINITY)
          .ifPresent(message -> {
            if (message instanceof InfoMessage.Message(Order<?> order)) {
              order.carryOut();
            } else {
              messages.add(message);
            }
          });
    }
  }

  /// The pid of the process.
  public Pid pid() {
    return pid;
  }

  /// What came so far, in order.
  public List<InfoMessage> messages() {
    return List.copyOf(messages);
  }

  /// The first message that `matches`, which may have come already; waits for it.
  public InfoMessage awaitMessage(Predicate<? super InfoMessage> matches) {
    patience.await(
        "a message to the probe %s that matches".formatted(pid),
        () -> messages.stream().anyMatch(matches));
    return messages.stream().filter(matches).findFirst().orElseThrow();
  }

  /// Waits until a monitor or link tells of the end of a process.
  ///
  /// @param server what was monitored, or the pid of what was linked
  /// @return why it ended
  public ExitReason awaitEnd(ServerRef server) {
    Function<InfoMessage, @Nullable ExitReason> end =
        message ->
            switch (message) {
              case InfoMessage.Down(_, ServerRef ended, ExitReason reason)
                  when ended.equals(server) ->
                  reason;
              case InfoMessage.Exit(Pid ended, ExitReason reason) when ended.equals(server) ->
                  reason;
              case InfoMessage _ -> null;
            };
    patience.await(
        "the probe %s to be told of the end of %s".formatted(pid, server),
        () -> messages.stream().map(end).anyMatch(reason -> reason != null));
    return messages.stream().map(end).filter(reason -> reason != null).findFirst().orElseThrow();
  }

  /// Calls a server, for as long as it takes.
  ///
  /// @throws dev.genserver.sdk.CallException if the server fails the call
  public <R extends @Nullable Object> R call(ServerRef server, Object request, Class<R> replyType) {
    return run(() -> ProcessContext.current().call(server, request, replyType, Timeouts.INFINITY));
  }

  /// Monitors a process; its end comes as [InfoMessage.Down].
  public MonitorRef monitor(ServerRef server) {
    return run(() -> ProcessContext.current().monitor(server));
  }

  /// Links itself to a process; its end comes as [InfoMessage.Exit].
  public void link(Pid other) {
    run(() -> ProcessContext.current().link(other));
  }

  /// Runs `code` in the process, and waits for it.
  ///
  /// @return what it returns; what it throws is thrown here
  public <T extends @Nullable Object> T run(Supplier<T> code) {
    var order = new Order<>(code);
    node.send(pid, order);
    patience.await(
        "the probe %s to do what the test says".formatted(pid),
        () -> order.isDone() || !node.isAlive(pid));
    if (!order.isDone()) {
      throw new IllegalStateException("the probe " + pid + " has ended");
    }
    settle.run();
    return order.value();
  }

  /// [#run(Supplier)] for code without a result.
  public void run(Runnable code) {
    run(() -> {
      code.run();
      return true;
    });
  }

  /// Ends the process; who is linked to it or monitors it is told `reason`.
  public void end(ExitReason reason) {
    node.stop(pid, reason, Timeouts.INFINITY);
    settle.run();
  }

  @Override
  public String toString() {
    return "probe " + pid;
  }
}
