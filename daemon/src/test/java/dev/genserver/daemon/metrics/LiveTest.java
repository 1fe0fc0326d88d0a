package dev.genserver.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.daemon.log.RecentEvents;
import dev.genserver.runtime.Node;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class LiveTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  /// Keeps what it is sent.
  private static final class Viewer implements Live.Viewer {

    final List<String> samples = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    @Override
    public void send(String event, String data) {
      if (event.equals("sample")) {
        samples.add(data);
      }
    }

    @Override
    public void whenClosed(Runnable task) {
      var _ = gone.thenRun(task);
    }

    void leave() {
      gone.complete(null);
    }
  }

  @AutoClose private final Node node = Node.create();
  @AutoClose private final RecentEvents events = RecentEvents.open();
  private final AtomicInteger made = new AtomicInteger();

  @AutoClose
  private final Live live = new Live(new Censuses(node), new Meters(), this::wire, () -> 0, events);

  /// Each sample asks the wire once.
  private Map<String, Long> wire() {
    return Map.of("connections_open", (long) made.incrementAndGet());
  }

  private Viewer show() {
    var viewer = new Viewer();
    live.show(viewer);
    return viewer;
  }

  @Test
  void allViewersGetTheSameSamples() {
    var one = show();
    await().atMost(SOON).until(() -> !one.samples.isEmpty());
    var other = show();

    await().atMost(SOON).until(() -> other.samples.size() >= 2);

    assertThat(one.samples).containsAll(other.samples);
    assertThat(one.samples).doesNotHaveDuplicates();
    assertThat(made.get()).isLessThanOrEqualTo(one.samples.size() + 1);
  }

  @Test
  void nothingIsMadeUnlessSomebodyWatches() {
    var first = show();
    await().atMost(SOON).until(() -> !first.samples.isEmpty());
    first.leave();
    awaitRest();

    var second = show();
    await().atMost(SOON).until(() -> !second.samples.isEmpty());
    assertThat(first.samples).doesNotContainAnyElementsOf(second.samples);
    live.close();
    awaitRest();
  }

  /// Waits until no sample has been made for a while.
  private void awaitRest() {
    var last = new AtomicInteger(made.get());
    await()
        .atMost(SOON)
        .during(Duration.ofSeconds(3))
        .until(() -> last.getAndSet(made.get()) == made.get());
  }
}
