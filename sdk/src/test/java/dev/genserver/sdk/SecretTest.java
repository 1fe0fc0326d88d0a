package dev.genserver.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretTest {

  private record Account(String user, Secret password) {}

  @Test
  void onlyRevealGivesTheText() {
    var secret = Secret.of("hunter2");
    assertThat(secret.reveal()).isEqualTo("hunter2");
    assertThat(secret).hasToString("Secret[***]");
    assertThat(new Account("ada", secret)).hasToString("Account[user=ada, password=Secret[***]]");
  }

  @Test
  void secretsOfTheSameTextAreEqual() {
    assertThat(Secret.of("ä")).isEqualTo(Secret.of("ä")).hasSameHashCodeAs(Secret.of("ä"));
    assertThat(Secret.of("a")).isNotEqualTo(Secret.of("b")).isNotEqualTo("a");
  }

  @Test
  void hashTellsNothingOfTheText() {
    assertThat(Secret.of("a")).hasSameHashCodeAs(Secret.of("b"));
  }
}
