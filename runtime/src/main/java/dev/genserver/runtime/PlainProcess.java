package dev.genserver.runtime;

import dev.genserver.sdk.CurrentProcess;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.StartOptions;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A process that runs a function and ends. Unlike a server it has its thread for all its life.
sealed class PlainProcess extends LocalProcess permits TaskProcess {

  private static final System.Logger LOG = System.getLogger(PlainProcess.class.getName());

  private final Object function;
  private final Callable<?> body;
  private final Queue<Envelope.Notice> mailbox = new ConcurrentLinkedQueue<>();
  private final long started;
  private volatile @Nullable Thread thread;
  private volatile @Nullable Object receiving;
  private @Nullable TraceContext trace; // of its thread

  PlainProcess(Node node, @Nullable LocalProcess parent, Runnable body) {
    this(node, parent, parent, body, Executors.callable(body));
  }

  /// @param owner on whose behalf it runs, and to whose trace it belongs
  /// @param function what the program handed in, if `body` only wraps it
  PlainProcess(
      Node node,
      @Nullable LocalProcess parent,
      @Nullable LocalProcess owner,
      Object function,
      Callable<?> body) {
    super(node, node.nextPid(), parent, null);
    this.function = function;
    this.body = body;
    this.started = node.time().nanoTime();
    this.trace = owner == null ? null : owner.traceContext();
  }

  final void start() {
    node.scheduler.activate(this, this::run, loader());
  }

  @Override
  final @Nullable TraceContext traceContext() {
    return trace;
  }

  @Override
  String code() {
    return Census.FUNCTIONS;
  }

  @Override
  ClassLoader loader() {
    return loaderOf(function);
  }

  private void run() {
    thread = Thread.currentThread();
    if (isAlive()) {
      CurrentProcess.run(new Context(this), this::runBody);
    }
  }

  private void runBody() {
    ExitReason reason = ExitReason.NORMAL;
    try {
      returned(body.call());
    } catch (Throwable thrown) {
      reason = ExitReason.thrown(thrown);
    }
    thread = null; // nobody need throw the body off any more
    if (isAlive()) {
      logEnd(reason);
    }
    end(reason);
  }

  /// Takes what the body returned.
  void returned(@Nullable Object result) {}

  /// Logs how the body ended, unless that was to be expected.
  void logEnd(ExitReason reason) {
    if (reason instanceof ExitReason.Failure(Throwable exception)) {
      LOG.log(
          Level.ERROR,
          "process crashed pid=%s reason=%s trace=%s"
              .formatted(pid(), reason, CrashReport.trace(trace)),
          exception);
    }
  }

  @Override
  ProcessInfo info() {
    return info(
        ProcessInfo.Kind.FUNCTION,
        function.getClass().getName(),
        status(),
        mailbox.size(),
        Integer.MAX_VALUE,
        Optional.empty(),
        Duration.ZERO);
  }

  private ProcessInfo.Status status() {
    if (receiving != null) {
      return ProcessInfo.Status.IDLE;
    }
    return waitsFor() == null ? ProcessInfo.Status.RUNNING : ProcessInfo.Status.WAITING;
  }

  @Override
  @Nullable Object pause() {
    var message = receiving;
    if (message == null) {
      return super.pause();
    }
    return mayGoOn() ? null : message;
  }

  @Override
  Optional<Why.Doing> doing() {
    var running = thread;
    return running == null
        ? Optional.empty()
        : Optional.of(
            new Why.Doing(
                "its function",
                Duration.ofNanos(Math.max(0, node.time().nanoTime() - started)),
                Optional.ofNullable(trace).map(TraceContext::traceId),
                Inspection.stack(running)));
  }

  @Override
  List<Envelope> peek(int most) {
    return mailbox.stream().<Envelope>map(message -> message).limit(most).toList();
  }

  @Override
  final void deliver(Envelope message) {
    switch (message) {
      case Envelope.Notice notice -> put(notice);
      case Envelope.Cast(Object cast, TraceContext with) ->
          put(new Envelope.Notice(new InfoMessage.Message(cast), with));
      case Envelope.Stop stop -> end(stop.reason());
      case Call call -> {
        if (call.begin(node.time().nanoTime(), 0)) {
          remember(call);
        }
      }
      case Envelope.Outside _, Envelope.IdleTimeout _, Envelope.Start _ -> {}
    }
  }

  @Override
  boolean hasRoom() {
    return mailbox.stream().skip(StartOptions.DEFAULT_MAX_QUEUE - 1).findAny().isEmpty();
  }

  private void put(Envelope.Notice message) {
    mailbox.add(message);
    LockSupport.unpark(thread);
  }

  @Override
  final void flush(MonitorRef ref) {
    mailbox.removeIf(notice ->
        switch (notice.message()) {
          case InfoMessage.Down down -> down.ref().equals(ref);
          case InfoMessage.Reply reply -> reply.ref().equals(ref);
          case InfoMessage.Message _, InfoMessage.Exit _, InfoMessage.Timeout _ -> false;
        });
  }

  final Optional<InfoMessage> receive(long timeoutNanos) {
    var time = node.time();
    var start = time.nanoTime();
    for (; ; ) {
      checkAlive();
      var notice = mailbox.poll();
      if (notice == null) {
        if (!awaitMessage(Waiting.left(time, start, timeoutNanos))) {
          checkAlive();
          return Optional.empty();
        }
      } else if (accepts(notice.message())) {
        trace = notice.traceContext();
        return Optional.of(node.translated(notice.message(), loader()));
      }
    }
  }

  @Override
  final int queued() {
    return mailbox.size();
  }

  private boolean awaitMessage(long timeoutNanos) {
    receiving = new Object();
    try {
      return Waiting.until(this::mayGoOn, node.time(), timeoutNanos);
    } finally {
      receiving = null;
    }
  }

  private boolean mayGoOn() {
    return !mailbox.isEmpty() || !isAlive();
  }

  @Override
  final void ended(ExitReason reason, List<Call> deferred) {
    var running = thread;
    if (running != null) {
      throwOff(running);
    }
    if (!ExitReason.isExpected(reason)) {
      node.totals.crashed(this);
    }
    deferred.forEach(call -> call.exited(pid(), reason));
    mailbox.clear();
  }
}
