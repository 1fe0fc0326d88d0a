package dev.genserver.daemon.admin;

import dev.genserver.runtime.TraceContext;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Sys;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The last events of a traced process, and who waits for the next. Thread-safe.
///
/// A process that was asked for by name is followed from one incarnation to the next. Events come
/// on the process's own thread, so they are made text there and nothing else; whoever waits is
/// answered by [SysProcesses].
final class Feed implements Consumer<Sys.Event> {

  /// How many events are kept for those who poll slowly.
  static final int KEPT = 1_000;

  /// How many events one reply has at most, so that it fits a frame.
  static final int BATCH = 200;

  /// How many characters of a message or state are shown.
  static final int LONGEST = 1_000;

  private record Poll(From from, long after) {}

  private final LongSupplier clock;
  private final long began;
  private final Consumer<Feed> wake;
  private final Deque<Map<String, Object>> events = new ArrayDeque<>();
  private final List<Poll> polls = new ArrayList<>();
  private long next;
  private long polled;
  private boolean awake;
  private boolean closed;
  private @Nullable Pid traced;
  private @Nullable MonitorRef monitor;

  /// @param clock the node's time in nanoseconds
  /// @param wake invoked once when there is something new for those who wait; must not block
  Feed(LongSupplier clock, Consumer<Feed> wake) {
    this.clock = clock;
    this.began = clock.getAsLong();
    this.polled = began;
    this.wake = wake;
  }

  /// The incarnation that is traced; empty if none is.
  synchronized Optional<Pid> traced() {
    return Optional.ofNullable(traced);
  }

  /// The monitor of the incarnation that was traced last.
  synchronized Optional<MonitorRef> monitor() {
    return Optional.ofNullable(monitor);
  }

  /// Begins with an incarnation.
  ///
  /// @param monitor by which its end will be told
  synchronized void attach(Pid pid, MonitorRef monitor) {
    var again = next > 0;
    this.traced = pid;
    this.monitor = monitor;
    if (again) {
      add("started", "started again as " + pid, Optional.empty());
    }
  }

  /// The process could not be traced after all.
  synchronized void detach(Pid pid) {
    if (pid.equals(traced)) {
      traced = null;
    }
  }

  /// The traced process has ended.
  synchronized void ended(Pid pid, ExitReason reason) {
    if (pid.equals(traced)) {
      traced = null;
      add("down", "ended: " + shown(reason), Optional.empty());
    }
  }

  @Override
  public void accept(Sys.Event event) {
    var text = text(event); // code of the plugin, outside the lock
    add(kind(event), text, TraceContext.currentId());
  }

  private synchronized void add(String kind, String text, Optional<String> traceId) {
    if (closed) {
      return;
    }
    if (events.size() == KEPT) {
      events.removeFirst();
    }
    var at = Duration.ofNanos(clock.getAsLong() - began).toMillis();
    events.addLast(
        new JsonObject()
            .with("seq", ++next)
            .with("at_ms", at)
            .with("kind", kind)
            .with("text", text)
            .with("trace_id", traceId)
            .toMap());
    if (!polls.isEmpty() && !awake) {
      awake = true;
      wake.accept(this);
    }
  }

  /// What there is after `after`; empty if that is nothing, and `from` is to be answered when there
  /// is.
  synchronized Optional<Map<String, Object>> poll(From from, long after) {
    polled = clock.getAsLong();
    if (after < next) {
      return Optional.of(since(after));
    }
    polls.add(new Poll(from, next));
    return Optional.empty();
  }

  /// What there is after `after`, be it nothing.
  synchronized Map<String, Object> since(long after) {
    polled = clock.getAsLong();
    var found = events.stream().filter(event -> seq(event) > after).limit(BATCH).toList();
    var first = next - events.size();
    return new JsonObject()
        .with("events", found)
        .with("next", found.isEmpty() ? next : seq(found.getLast()))
        .with("lost", after < first ? Optional.of(first - after) : Optional.empty())
        .toMap();
  }

  /// Takes those off who can be answered now.
  synchronized List<Answer> answers() {
    awake = false;
    var answers = new ArrayList<Answer>();
    polls.removeIf(poll -> {
      var fresh = poll.after() < next;
      if (fresh) {
        answers.add(new Answer(poll.from(), since(poll.after())));
      }
      return fresh || !poll.from().isWaiting();
    });
    return answers;
  }

  /// Somebody who waited, and what there is for them.
  record Answer(From from, Map<String, Object> events) {}

  /// How long nobody has asked.
  synchronized Duration unwatched() {
    polls.removeIf(poll -> !poll.from().isWaiting());
    return polls.isEmpty() ? Duration.ofNanos(clock.getAsLong() - polled) : Duration.ZERO;
  }

  /// Takes no more events.
  synchronized void close() {
    closed = true;
    events.clear();
  }

  /// Where a reader begins who wants only what comes.
  synchronized long next() {
    return next;
  }

  private static long seq(Map<String, Object> event) {
    return event.get("seq") instanceof Long seq ? seq : 0;
  }

  private static String kind(Sys.Event event) {
    return switch (event) {
      case Sys.Event.CallIn _ -> "call";
      case Sys.Event.CastIn _ -> "cast";
      case Sys.Event.InfoIn _ -> "info";
      case Sys.Event.Continued _ -> "continue";
      case Sys.Event.Out _ -> "reply";
      case Sys.Event.NoReply _ -> "no_reply";
    };
  }

  private static String text(Sys.Event event) {
    return switch (event) {
      case Sys.Event.CallIn(var request, var from) ->
          "call " + shown(request) + " from " + peer(from);
      case Sys.Event.CastIn(var message) -> "cast " + shown(message);
      case Sys.Event.InfoIn(var message) -> "info " + shown(message);
      case Sys.Event.Continued(var continuation) -> "continue " + shown(continuation);
      case Sys.Event.Out(var reply, var to, var state) ->
          "replied " + shown(reply) + " to " + peer(to) + ", state " + shown(state);
      case Sys.Event.NoReply(var state) -> "state " + shown(state);
    };
  }

  private static String peer(Optional<Pid> pid) {
    return pid.map(Pid::toString).orElse("outside");
  }

  /// The value's text, cut where it is long. A value that cannot say itself must not end the trace.
  static String shown(@Nullable Object value) {
    try {
      var text = String.valueOf(value);
      return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    } catch (RuntimeException | StackOverflowError e) {
      return "(its toString threw " + e.getClass().getName() + ")";
    }
  }
}
