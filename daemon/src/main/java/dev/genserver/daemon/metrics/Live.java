package dev.genserver.daemon.metrics;

import dev.genserver.daemon.log.RecentEvents;
import dev.genserver.protocol.JsonWriter;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Shows all who watch how the daemon does, once a second, and what is logged. A sample is made for
/// all of them together, and only while there is one. Thread-safe.
public final class Live implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Live.class.getName());

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /// Somebody who watches. Thread-safe, and never blocks.
  public interface Viewer {

    /// Takes an event: its name, and a JSON object.
    void send(String event, String data);

    /// Runs `task` once the viewer is gone, perhaps now.
    void whenClosed(Runnable task);
  }

  private final Supplier<Sampler> samplers;
  private final RecentEvents events;
  private final List<Viewer> viewers = new ArrayList<>(); // guarded by this, as is the thread
  private @Nullable Thread thread;

  /// @param wire what the wire has counted, by name
  /// @param plugins how many plugins are loaded
  public Live(
      Censuses censuses,
      Meters meters,
      Supplier<Map<String, Long>> wire,
      IntSupplier plugins,
      RecentEvents events) {
    this.samplers = () -> new Sampler(censuses, meters, wire, plugins);
    this.events = events;
  }

  /// Begins to show a viewer what there is, until it is gone.
  public void show(Viewer viewer) {
    var subscription = events.subscribe(0, event -> viewer.send("log", json(event)));
    viewer.whenClosed(subscription::close);
    add(viewer);
    viewer.whenClosed(() -> remove(viewer));
  }

  private static String json(RecentEvents.Event event) {
    return new JsonWriter()
        .beginObject()
        .field("seq")
        .number(event.seq())
        .field("at_ms")
        .number(event.at().toEpochMilli())
        .field("level")
        .string(event.level().name())
        .field("logger")
        .string(event.logger())
        .field("text")
        .string(event.text())
        .endObject()
        .toString();
  }

  private synchronized void add(Viewer viewer) {
    viewers.add(viewer);
    if (thread == null) {
      thread = Thread.ofVirtual().name("live").start(this::sample);
    }
  }

  private synchronized void remove(Viewer viewer) {
    viewers.remove(viewer);
  }

  /// Those that watch; none any more, and no thread, if there are none.
  private synchronized List<Viewer> present() {
    if (viewers.isEmpty()) {
      thread = null;
    }
    return List.copyOf(viewers);
  }

  private void sample() {
    var sampler = samplers.get();
    for (var present = present(); !present.isEmpty(); present = present()) {
      try {
        var sample = sampler.sample();
        for (var viewer : present) {
          viewer.send("sample", sample);
        }
        Thread.sleep(INTERVAL);
      } catch (InterruptedException _) {
        return; // closed
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "live view failed; it is over for those who watch now", e);
        giveUp();
        return;
      }
    }
  }

  private synchronized void giveUp() {
    viewers.clear();
    thread = null;
  }

  /// Shows nothing more.
  @Override
  public synchronized void close() {
    if (thread != null) {
      thread.interrupt();
    }
  }
}
