package dev.genserver.runtime;

import dev.genserver.sdk.CurrentProcess;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Pid;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A process that runs a function and ends. Unlike a server it has its thread for all its life.
final class PlainProcess extends LocalProcess {

  private static final System.Logger LOG = System.getLogger(PlainProcess.class.getName());

  private final Runnable body;
  private final LinkedBlockingQueue<InfoMessage> mailbox = new LinkedBlockingQueue<>();
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
    try {
      body.run();
      end(ExitReason.NORMAL);
    } catch (Throwable thrown) {
      var reason = ExitReason.thrown(thrown);
      if (end(reason) && reason instanceof ExitReason.Failure) {
        LOG.log(Level.ERROR, "process crashed pid=" + pid() + " reason=" + reason, thrown);
      }
    }
  }

  @Override
  void deliver(Envelope message) {
    switch (message) {
      case Envelope.Notice notice -> mailbox.add(notice.message());
      case Envelope.Cast cast -> mailbox.add(new InfoMessage.Message(cast.message()));
      case Envelope.Stop stop -> end(stop.reason());
      case Call call -> {
        if (call.begin()) {
          remember(call);
        }
      }
      case Envelope.Outside _, Envelope.IdleTimeout _, Envelope.Start _ -> {}
    }
  }

  Optional<InfoMessage> receive(long timeoutNanos) {
    var deadline = System.nanoTime() + timeoutNanos;
    try {
      for (; ; ) {
        checkAlive();
        var message =
            timeoutNanos == Long.MAX_VALUE
                ? mailbox.take()
                : mailbox.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (message == null || accepts(message)) {
          return Optional.ofNullable(message);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      checkAlive();
      return Optional.empty();
    }
  }

  @Override
  void ended(ExitReason reason, List<Call> deferred) {
    var running = thread;
    if (running != null && running != Thread.currentThread()) {
      running.interrupt();
    }
    deferred.forEach(call -> call.exited(pid(), reason));
    mailbox.clear();
  }
}
