package dev.genserver.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinkedMailboxTest {

  private static final int PRODUCERS = 8;
  private static final int EACH = 20_000;

  private record Item(int producer, int number) {}

  private final LinkedMailbox mailbox = new LinkedMailbox();

  private static Envelope cast(Object message) {
    return new Envelope.Cast(message, null);
  }

  @Test
  void emptyMailboxGivesNothing() {
    assertThat(mailbox.take()).isNull();
    assertThat(mailbox.isEmpty()).isTrue();
    assertThat(mailbox.size()).isZero();
  }

  @Test
  void messagesComeOutInTheOrderInWhichTheyWentIn() {
    IntStream.range(0, 3).forEach(i -> mailbox.put(cast(i)));
    assertThat(mailbox.size()).isEqualTo(3);
    for (var i = 0; i < 3; i++) {
      assertThat(mailbox.take()).isEqualTo(cast(i));
    }
    assertThat(mailbox.isEmpty()).isTrue();
  }

  @Test
  void manyProducersLoseNothingAndKeepTheirOrder() throws InterruptedException {
    var producers =
        IntStream.range(0, PRODUCERS)
            .mapToObj(producer -> Thread.ofPlatform().start(() -> produce(producer)))
            .toList();

    var next = new int[PRODUCERS];
    var deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    for (var taken = 0; taken < PRODUCERS * EACH; ) {
      assertThat(System.nanoTime()).as("all messages come in time").isLessThan(deadline);
      if (mailbox.take() instanceof Envelope.Cast(Item(int producer, int number), _)) {
        assertThat(number).as("producer %d", producer).isEqualTo(next[producer]++);
        taken++;
      } else {
        Thread.onSpinWait();
      }
    }
    for (var producer : producers) {
      assertThat(producer.join(Duration.ofSeconds(10))).isTrue();
    }
    assertThat(mailbox.isEmpty()).isTrue();
    assertThat(mailbox.size()).isZero();
  }

  private void produce(int producer) {
    for (var i = 0; i < EACH; i++) {
      mailbox.put(cast(new Item(producer, i)));
    }
  }
}
