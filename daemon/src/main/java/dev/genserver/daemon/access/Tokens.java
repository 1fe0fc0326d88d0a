package dev.genserver.daemon.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The tokens that are good at one moment. Immutable.
public final class Tokens {

  public static final Tokens NONE = new Tokens(List.of());

  /// A token, without what makes it one.
  record Entry(String principal, TokenHash hash) {}

  private final List<Entry> entries;

  Tokens(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  Tokens and(Tokens others) {
    var all = new ArrayList<>(entries);
    all.addAll(others.entries);
    return new Tokens(all);
  }

  /// How many there are.
  int size() {
    return entries.size();
  }

  /// Whose token it is. Compares with all of them, in constant time each, so that the time that it
  /// takes tells nothing.
  Optional<String> owner(TokenHash presented) {
    Optional<String> owner = Optional.empty();
    for (var entry : entries) {
      if (entry.hash().matches(presented)) {
        owner = Optional.of(entry.principal());
      }
    }
    return owner;
  }
}
