package dev.genserver.daemon.access;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Names of processes: some exactly, some by how they begin, or all. Immutable.
public final class NameSet {

  public static final NameSet ALL = of(List.of("*"));
  public static final NameSet NONE = of(List.of());

  private final List<String> patterns;
  private final boolean all;
  private final Set<String> exact;
  private final List<String> prefixes;

  private NameSet(List<String> patterns, Set<String> exact, List<String> prefixes) {
    this.patterns = List.copyOf(patterns);
    this.all = prefixes.contains("");
    this.exact = Set.copyOf(exact);
    this.prefixes = List.copyOf(prefixes);
  }

  /// The names that any of the patterns means.
  ///
  /// @param patterns `name` is that name, `room/*` all that begin with `room/`, `*` all
  /// @throws IllegalArgumentException if a pattern is empty, or has a star elsewhere than at its
  ///   end
  public static NameSet of(List<String> patterns) {
    var exact = new HashSet<String>();
    var prefixes = new ArrayList<String>();
    for (var pattern : patterns) {
      var star = pattern.indexOf('*');
      if (pattern.isEmpty() || (star >= 0 && star < pattern.length() - 1)) {
        throw new IllegalArgumentException(
            "must be a name, the beginning of names and a '*', or '*' for all, is '%s'"
                .formatted(pattern));
      }
      if (star < 0) {
        exact.add(pattern);
      } else {
        prefixes.add(pattern.substring(0, star));
      }
    }
    return new NameSet(patterns, exact, prefixes);
  }

  boolean isAll() {
    return all;
  }

  boolean contains(String name) {
    return all || exact.contains(name) || prefixes.stream().anyMatch(name::startsWith);
  }

  /// The patterns.
  @Override
  public String toString() {
    return patterns.toString();
  }
}
