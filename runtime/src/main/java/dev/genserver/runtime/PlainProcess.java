package dev.genserver.runtime;

import dev.genserver.sdk.CurrentProcess;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Pid;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A process that runs a function and ends. Unlike a server it has its thread for all its life.
final class PlainProcess extends LocalProcess {

  private static final System.Logger LOG = System.getLogger(PlainProcess.class.getName());

  private final Runnable body;
  private final Queue<InfoMessage> mailbox = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Thread thread;

  PlainProcess(Node node, Pid pid, @Nullable LocalProcess parent, Runnable body) {
    super(node, pid, parent, null);
    this.body = body;
  }

  void start() {
    node.scheduler.activate(this::run, body.getClass().getClassLoader());
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
      body.run();
    } catch (Throwable thrown) {
      reason = ExitReason.thrown(thrown);
    }
    thread = null; // nobody need throw the body off any more
    if (end(reason) && reason instanceof ExitReason.Failure(Throwable exception)) {
      LOG.log(Level.ERROR, "process crashed pid=" + pid() + " reason=" + reason, exception);
    }
  }

  @Override
  void deliver(Envelope message) {
    switch (message) {
      case Envelope.Notice notice -> put(notice.message());
      case Envelope.Cast cast -> put(new InfoMessage.Message(cast.message()));
      case Envelope.Stop stop -> end(stop.reason());
      case Call call -> {
        if (call.begin()) {
          remember(call);
        }
      }
      case Envelope.Outside _, Envelope.IdleTimeout _, Envelope.Start _ -> {}
    }
  }

  private void put(InfoMessage message) {
    mailbox.add(message);
    LockSupport.unpark(thread);
  }

  Optional<InfoMessage> receive(long timeoutNanos) {
    var time = node.time();
    var start = time.nanoTime();
    for (; ; ) {
      checkAlive();
      var message = mailbox.poll();
      if (message == null) {
        if (!awaitMessage(left(start, timeoutNanos))) {
          checkAlive();
          return Optional.empty();
        }
      } else if (accepts(message)) {
        return Optional.of(message);
      }
    }
  }

  private boolean awaitMessage(long timeoutNanos) {
    return Waiting.until(() -> !mailbox.isEmpty() || !isAlive(), node.time(), timeoutNanos);
  }

  private long left(long start, long timeoutNanos) {
    return timeoutNanos == Long.MAX_VALUE
        ? timeoutNanos
        : timeoutNanos - (node.time().nanoTime() - start);
  }

  @Override
  void ended(ExitReason reason, List<Call> deferred) {
    var running = thread;
    if (running != null) {
      throwOff(running);
    }
    deferred.forEach(call -> call.exited(pid(), reason));
    mailbox.clear();
  }
}
