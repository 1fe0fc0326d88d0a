package dev.genserver.testkit;

import dev.genserver.runtime.Node;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Plugin;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.SupervisorSpec;
import dev.genserver.sdk.Timeouts;
import dev.genserver.sdk.TreeSpec;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Real processes and trees in a test, with a time that stands still until the test moves it.
///
/// ```java
/// try (var node = TestNode.create()) {
///   node.start(new ShopPlugin());
///   node.cast(ServerRef.named("orders"), new Order("tea"));
///   node.advance(Duration.ofMinutes(3));
///   assertThat(node.call(ServerRef.named("orders"), new Open(), Integer.class)).isZero();
/// }
/// ```
///
/// There is nothing to sleep or poll for: each method returns when the processes have settled, that
/// is when all messages are handled and whatever code runs waits for another process, a message, or
/// a time. Code that is held up by something else, such as a real sleep or a socket, is waited for.
/// What a plugin does on threads of its own is not seen; wait for that with [#await].
///
/// Real time is limited, to 10 seconds for each method unless [#create(Duration)] says otherwise:
/// then it throws [AssertionError], which tells what was waited for and what the processes do.
/// Thread-safe.
public final class TestNode implements AutoCloseable {

  private final ManualTime time = new ManualTime();
  private final Node node = Node.create(1, time);
  private final Patience patience;
  private final Probe ends;
  private final Set<Pid> known = ConcurrentHashMap.newKeySet();

  private TestNode(Duration limit) {
    this.patience = new Patience(limit, () -> Picture.of(node, time));
    this.ends = probe();
  }

  /// A node without processes.
  public static TestNode create() {
    return create(Duration.ofSeconds(10));
  }

  /// A node without processes that is waited for no longer than `limit` in real time.
  public static TestNode create(Duration limit) {
    return new TestNode(limit);
  }

  /// The node itself, for what is not offered here. Its calls wait in the node's time: one that is
  /// not answered waits until time is moved.
  public Node node() {
    return node;
  }

  /// The node's time in nanoseconds. Pass `node::nanoTime` to a server that reads a clock.
  public long nanoTime() {
    return time.nanoTime();
  }

  // Starting.

  /// Starts a server.
  ///
  /// @throws IllegalStateException if it did not start
  public Pid start(GenServer<?, ?, ?> server, StartOptions options) {
    return started("the start of " + server, process -> process.start(server, options));
  }

  /// Starts a supervisor and its children.
  ///
  /// @throws IllegalStateException if it did not start
  public Pid start(TreeSpec tree, StartOptions options) {
    return started("the start of a supervisor", process -> process.start(tree, options));
  }

  /// Starts the children of a plugin, under a supervisor of its own as the daemon does.
  ///
  /// @return the pid of that supervisor
  /// @throws IllegalStateException if one of them did not start
  public Pid start(Plugin plugin) {
    return start(SupervisorSpec.oneForOne(plugin.children()), StartOptions.none());
  }

  /// Starts one more child of a supervisor.
  Pid startChild(Pid supervisor, ChildSpec child) {
    return started(
        "the start of " + child.id(), process -> process.supervisor(supervisor).startChild(child));
  }

  /// Ends a child of a supervisor.
  void terminateChild(Pid supervisor, String id) {
    result("the end of " + id, order(process -> process.supervisor(supervisor).terminateChild(id)));
  }

  private Pid started(String what, Function<ProcessContext, StartResult> start) {
    return known(result(what, order(start)).pidOrThrow());
  }

  /// A new process of the test's own.
  public Probe probe() {
    return new Probe(node, patience, this::settle);
  }

  // Asking and telling.

  /// Calls a server from a process of its own, and waits for the reply without moving time.
  ///
  /// @throws dev.genserver.sdk.CallException if the server fails the call
  public <R extends @Nullable Object> R call(ServerRef server, Object request, Class<R> replyType) {
    return result(
        "%s to reply to %s".formatted(server, request),
        calling(server, request, replyType, Timeouts.INFINITY));
  }

  /// Calls a server from a process of its own, for as long as it takes, and does not wait for the
  /// reply. When the processes have settled and it is not there, it is a deferred one.
  public <R extends @Nullable Object> CompletableFuture<R> callAsync(
      ServerRef server, Object request, Class<R> replyType) {
    return callAsync(server, request, replyType, Timeouts.INFINITY);
  }

  /// [#callAsync(ServerRef, Object, Class)] that fails when `timeout` has passed in the node's
  /// time.
  public <R extends @Nullable Object> CompletableFuture<R> callAsync(
      ServerRef server, Object request, Class<R> replyType, Duration timeout) {
    return settled(calling(server, request, replyType, timeout)).result();
  }

  private <R extends @Nullable Object> Order<R> calling(
      ServerRef server, Object request, Class<R> replyType, Duration timeout) {
    return order(process -> process.call(server, request, replyType, timeout));
  }

  /// Has a new process do something. The test itself must not: it could not give up waiting.
  private <T extends @Nullable Object> Order<T> order(Function<ProcessContext, T> code) {
    var order = new Order<>(() -> code.apply(ProcessContext.current()));
    node.spawn(order::carryOut);
    return order;
  }

  private <T extends @Nullable Object> T result(String what, Order<T> order) {
    await(what, order::isDone);
    return order.value();
  }

  /// Casts to a server.
  public void cast(ServerRef server, Object message) {
    node.cast(server, message);
    settle();
  }

  /// Sends a plain message.
  public void send(ServerRef server, Object message) {
    node.send(server, message);
    settle();
  }

  /// Sends an exit signal, such as [ExitReason#KILL].
  public void exit(Pid pid, ExitReason reason) {
    node.exit(known(pid), reason);
    settle();
  }

  // Waiting.

  /// Moves time on. Whatever is due on the way happens at its time, one after the other, and the
  /// processes settle in between: what they set off in turn happens too, if it is due by then.
  public void advance(Duration by) {
    settle();
    var target = Math.addExact(time.nanoTime(), Timeouts.toNanos(by));
    while (time.runNextUntil(target)) {
      settle();
    }
  }

  /// Waits until the processes have settled. Only needed after the test has used [#node].
  public void settle() {
    patience.await("the processes to settle", this::isStill);
  }

  private boolean isStill() {
    var begun = time.begunIfAllDone();
    return begun.isPresent() && node.isStill() && begun.equals(time.begunIfAllDone());
  }

  /// Waits until `happened`, and for the processes to settle.
  ///
  /// @param what what the test waits for, for the error if it waits in vain
  public void await(String what, BooleanSupplier happened) {
    patience.await(what, happened);
    settle();
  }

  /// The process that has the name, or is expected to get it.
  public Pid awaitName(ServerRef name) {
    await("a process called " + name, () -> node.whereis(name).isPresent());
    return known(node.whereis(name).orElseThrow());
  }

  /// Waits until another process than `before` has the name.
  public Pid awaitRestart(ServerRef name, Pid before) {
    await(
        "%s to be another process than %s".formatted(name, before),
        () -> node.whereis(name).filter(pid -> !pid.equals(before)).isPresent());
    return awaitName(name);
  }

  /// Waits until a process has ended.
  ///
  /// @return why; [ExitReason#NOPROC] if it ended before this node told the test of it
  public ExitReason awaitEnd(Pid pid) {
    return ends.awaitEnd(known(pid));
  }

  private Pid known(Pid pid) {
    if (known.add(pid)) {
      ends.monitor(pid);
    }
    return pid;
  }

  private <T> T settled(T result) {
    settle();
    return result;
  }

  /// Kills all processes.
  @Override
  public void close() {
    node.close();
  }
}
