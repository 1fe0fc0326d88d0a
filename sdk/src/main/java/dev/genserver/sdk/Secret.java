package dev.genserver.sdk;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// A text that nobody may see but who needs it, such as a password. Immutable.
///
/// As a component of a plugin's configuration it is read from a file or from an environment
/// variable that the configuration names; see [ConfiguredPlugin]. Where it is printed, logged or
/// written as JSON, alone or in a record, it is masked. Only [#reveal] gives it, so call that where
/// it is used and keep the secret itself elsewhere. It is in the memory of the process, and so in a
/// dump of it.
public final class Secret {

  private final String text;

  private Secret(String text) {
    this.text = text;
  }

  /// A secret that is known already; for tests.
  public static Secret of(String text) {
    return new Secret(text);
  }

  /// The text itself.
  public String reveal() {
    return text;
  }

  /// Whether the other is a secret of the same text; takes as long for one that is nearly the same.
  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && MessageDigest.isEqual(bytes(), secret.bytes());
  }

  /// The same for all secrets, as each number would tell something of one.
  @Override
  public int hashCode() {
    return Secret.class.hashCode();
  }

  private byte[] bytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "Secret[***]";
  }
}
