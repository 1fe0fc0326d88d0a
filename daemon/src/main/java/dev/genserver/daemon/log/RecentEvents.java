package dev.genserver.daemon.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/// The last events of this JVM's log, of level INFO and above, for those who look on. Thread-safe.
///
/// It keeps texts and nothing of those who logged: no exception, no argument. What is below the
/// level of its logger is not logged, and so is not here.
public final class RecentEvents implements AutoCloseable {

  /// How many are kept.
  public static final int KEPT = 500;

  /// How many characters of a text are kept; a state in a crash report may have many more.
  static final int LONGEST = 2_000;

  private static final Pattern LINE_BREAK = Pattern.compile("[ \t]{0,8}[\r\n]\\s*+");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

  /// One event.
  ///
  /// @param seq counts from 1 on, since [#open]
  /// @param level INFO, WARN or ERROR
  /// @param logger its whole name
  /// @param text one line, cut where it is long
  public record Event(long seq, Instant at, LogLevel level, String logger, String text) {}

  /// Ends when it is closed, which is safe from any thread, the subscriber's own included.
  public interface Subscription extends AutoCloseable {

    @Override
    void close();
  }

  private final Logger root;
  private final Appender appender = new Appender();
  private final Deque<Event> events = new ArrayDeque<>();
  private final List<Subscriber> subscribers = new ArrayList<>();
  private long last;
  private boolean adding;

  private RecentEvents(Logger root) {
    this.root = root;
  }

  /// Begins to keep what is logged from now on.
  public static RecentEvents open() {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    var events = new RecentEvents(context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME));
    events.appender.setContext(context);
    events.appender.start();
    events.root.addAppender(events.appender);
    return events;
  }

  /// Those after `seq` that are still kept, the oldest first.
  public synchronized List<Event> since(long seq) {
    return events.stream().filter(event -> event.seq() > seq).toList();
  }

  /// Hands over those after `seq` that are still kept, at once, and then each new one as it comes;
  /// none is left out in between and none comes twice.
  ///
  /// @param subscriber invoked on the thread that logs, one event after the other; it must neither
  ///   wait nor take long. One that throws is invoked no more, and what it logs itself is not here
  public synchronized Subscription subscribe(long seq, Consumer<Event> subscriber) {
    since(seq).forEach(subscriber);
    var subscribed = new Subscriber(subscriber);
    subscribers.add(subscribed);
    return subscribed;
  }

  private synchronized void remove(Subscriber subscriber) {
    subscribers.remove(subscriber);
  }

  private synchronized void add(Instant at, LogLevel level, String logger, String text) {
    if (adding) {
      return; // a subscriber logs
    }
    adding = true;
    try {
      add(new Event(++last, at, level, logger, text));
    } finally {
      adding = false;
    }
  }

  private void add(Event event) {
    if (events.size() == KEPT) {
      events.removeFirst();
    }
    events.addLast(event);
    for (var subscriber : List.copyOf(subscribers)) {
      try {
        subscriber.consumer.accept(event);
      } catch (RuntimeException _) {
        remove(subscriber);
      }
    }
  }

  /// What a person reads of an event: its text, and what the exception says if the text does not.
  private static String text(ILoggingEvent event) {
    var text = String.valueOf(event.getFormattedMessage());
    var exception = event.getThrowableProxy();
    if (exception != null) {
      var says = exception.getMessage() == null ? exception.getClassName() : exception.getMessage();
      text = text.contains(says) ? text : text + ": " + exception.getClassName() + ": " + says;
    }
    return oneLine(text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…");
  }

  private static String oneLine(String text) {
    var joined = LINE_BREAK.matcher(text).replaceAll(" | ");
    return CONTROL.matcher(joined).replaceAll(" ");
  }

  /// Keeps no more.
  @Override
  public void close() {
    root.detachAppender(appender);
    appender.stop();
  }

  private final class Subscriber implements Subscription {

    private final Consumer<Event> consumer;

    Subscriber(Consumer<Event> consumer) {
      this.consumer = consumer;
    }

    @Override
    public void close() {
      remove(this);
    }
  }

  private final class Appender extends UnsynchronizedAppenderBase<ILoggingEvent> {

    @Override
    protected void append(ILoggingEvent event) {
      if (event.getLevel().isGreaterOrEqual(Level.INFO)) {
        add(
            Instant.ofEpochMilli(event.getTimeStamp()),
            LogLevel.of(event.getLevel()),
            event.getLoggerName(),
            text(event));
      }
    }
  }
}
