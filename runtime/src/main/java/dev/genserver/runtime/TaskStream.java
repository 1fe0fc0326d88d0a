package dev.genserver.runtime;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.StreamOptions;
import dev.genserver.sdk.TaskException;
import dev.genserver.sdk.TaskResult;
import dev.genserver.sdk.Tasks.StreamWork;
import dev.genserver.sdk.Timeouts;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.Spliterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// A stream of tasks that is being read. For the thread of its reader, but where noted.
final class TaskStream<T extends @Nullable Object, R extends @Nullable Object>
    implements Spliterator<TaskResult<R>> {

  /*
   * Tasks are linked to the reader, if it does not trap exits; if it does, or the stream is without links,
   * they are not, so that no messages come to it, and the stream itself sees to it that linked tasks end
   * with the reader. Results come by `finished`, never through the mailbox.
   */

  private final TaskStarter starter;
  private final boolean linked;
  private final StreamWork<? super T, ? extends R> work;
  private final StreamOptions options;
  private final Iterator<? extends T> inputs;

  private final LocalProcess reader = ((Context) ProcessContext.current()).process();
  private final boolean readerTraps = reader.trapsExits();
  private final Thread reading = Thread.currentThread();
  private final MonitorRef readerRef = reader.node.nextMonitorRef();

  /// Tasks that run, or of whose end the reader does not know yet. Thread-safe.
  private final Set<Element> running = ConcurrentHashMap.newKeySet();

  /// Those that have ended, for the reader to see. Thread-safe.
  private final Queue<Element> finished = new ConcurrentLinkedQueue<>();

  /// What is to be handed out, the next one first.
  private final Deque<Element> line = new ArrayDeque<>();

  private TaskStream(
      TaskStarter starter,
      boolean linked,
      Iterable<? extends T> inputs,
      StreamWork<? super T, ? extends R> work,
      StreamOptions options) {
    this.starter = starter;
    this.linked = linked;
    this.work = work;
    this.options = options;
    this.inputs = inputs.iterator();
  }

  /// A stream that starts when it is read, for whoever reads it.
  static <T extends @Nullable Object, R extends @Nullable Object> Stream<TaskResult<R>> of(
      TaskStarter starter,
      boolean linked,
      Iterable<? extends T> inputs,
      StreamWork<? super T, ? extends R> work,
      StreamOptions options) {
    // flatMap opens the inner stream when it is read, and closes it however reading ends.
    return Stream.of(inputs)
        .flatMap(each -> new TaskStream<T, R>(starter, linked, each, work, options).open());
  }

  private Stream<TaskResult<R>> open() {
    reader.checkAlive();
    if (linked && readerTraps) {
      reader.watch(readerRef, (_, reason) -> running.forEach(element -> element.signal(reason)));
    }
    return StreamSupport.stream(this, false).onClose(this::close);
  }

  private void close() {
    reader.unwatch(readerRef);
    running.forEach(Element::kill);
  }

  @Override
  public boolean tryAdvance(Consumer<? super TaskResult<R>> action) {
    while (true) {
      var next = line.peek();
      if (next != null && next.result != null) {
        line.remove();
        action.accept(next.result);
        return true;
      }
      if (running.size() < options.maxConcurrency() && inputs.hasNext()) {
        start(new Element(inputs.next()));
      } else if (running.isEmpty()) {
        return false;
      } else {
        awaitOne();
      }
    }
  }

  private void start(Element element) {
    if (options.ordered()) {
      line.add(element);
    }
    running.add(element);
    try {
      starter.start(reader, linked && !readerTraps, element::processUnder);
    } catch (RuntimeException notStarted) {
      running.remove(element);
      throw notStarted;
    }
    element.limitTime();
    reader.checkAlive();
  }

  private void awaitOne() {
    var time = reader.node.time();
    BooleanSupplier over = () -> !finished.isEmpty();
    reader.waitFor(
        new TaskWait(oneRunning(), time.nanoTime(), false, over),
        () -> Waiting.until(over, time, Long.MAX_VALUE));
    reader.checkAlive();
    var element = finished.poll();
    if (element == null) {
      throw new TaskException(Node.unanswered(), Optional.empty(), options.timeout());
    }
    running.remove(element);
    element.result = element.outcome();
    if (!options.ordered()) {
      line.add(element);
    }
  }

  private LocalProcess oneRunning() {
    for (var element : running) {
      if (element.process != null) {
        return element.process;
      }
    }
    return reader;
  }

  @Override
  public @Nullable Spliterator<TaskResult<R>> trySplit() {
    return null;
  }

  @Override
  public long estimateSize() {
    return Long.MAX_VALUE;
  }

  @Override
  public int characteristics() {
    return ORDERED | NONNULL;
  }

  /// One input and what becomes of it.
  private final class Element implements TaskProcess.Receiver, Watcher {

    private final T input;
    private volatile @Nullable TaskProcess process;
    private volatile TaskResult.@Nullable Ok<R> reply;
    private volatile @Nullable ExitReason end;
    private volatile boolean timedOut;
    private volatile TimeSource.@Nullable Timer timer;
    private @Nullable TaskResult<R> result;

    Element(T input) {
      this.input = input;
    }

    TaskProcess processUnder(LocalProcess parent) {
      var made = new TaskProcess(parent, reader, work, () -> work.run(input), this);
      made.watch(reader.node.nextMonitorRef(), this);
      process = made;
      return made;
    }

    void limitTime() {
      var nanos = Timeouts.toNanos(options.timeout());
      if (nanos < Long.MAX_VALUE) {
        timer = reader.node.time().schedule(nanos, this::timeOut);
        if (end != null) {
          cancelTimer();
        }
      }
    }

    private void cancelTimer() {
      var running = timer;
      if (running != null) {
        running.cancel();
      }
    }

    private void timeOut() {
      timedOut = process != null && process.isAlive();
      kill();
    }

    /// Ends the task without harm to the reader.
    void kill() {
      if (process != null) {
        reader.unlink(process.pid());
        process.end(ExitReason.KILLED);
      }
    }

    /// The reader has ended.
    void signal(ExitReason reason) {
      if (process != null) {
        process.exitSignal(reader.pid(), reason);
      }
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // the work gives an R, perhaps null
    public void replied(@Nullable Object value) {
      reply = new TaskResult.Ok<>((R) value);
    }

    @Override
    public void ended(LocalProcess process, ExitReason reason) {
      end = reason;
      cancelTimer(); // also where nobody reads any more
      finished.add(this);
      LockSupport.unpark(reading);
    }

    private TaskResult<R> outcome() {
      var value = reply;
      if (value != null) {
        return value;
      }
      if (timedOut && options.onTimeout() == StreamOptions.OnTimeout.EXIT) {
        throw new TaskException(
            ExitReason.TIMEOUT,
            Optional.ofNullable(process).map(LocalProcess::pid),
            options.timeout());
      }
      var reason = timedOut || end == null ? ExitReason.TIMEOUT : end;
      return options.zipInputOnExit()
          ? new TaskResult.Exit<>(reason, input)
          : new TaskResult.Exit<>(reason);
    }
  }
}
