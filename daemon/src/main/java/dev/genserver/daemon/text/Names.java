package dev.genserver.daemon.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Names as they are written in JSON, and the name that somebody may have meant. Thread-safe.
public final class Names {

  private static final int LONGEST_COMPARED = 64;

  private Names() {}

  /// `AddMany`, `addMany` and `ADD_MANY` as `add_many`; `HTTPGet` as `http_get`.
  public static String snakeCase(String name) {
    var words = new StringBuilder(name.length() + 4);
    for (var i = 0; i < name.length(); i++) {
      if (i > 0 && startsWord(name, i)) {
        words.append('_');
      }
      words.append(Character.toLowerCase(name.charAt(i)));
    }
    return words.toString();
  }

  private static boolean startsWord(String name, int at) {
    var before = name.charAt(at - 1);
    if (!Character.isUpperCase(name.charAt(at)) || before == '_') {
      return false;
    }
    var endsAcronym = at + 1 < name.length() && Character.isLowerCase(name.charAt(at + 1));
    return !Character.isUpperCase(before) || endsAcronym;
  }

  /// The known name that `name` is a slip of, if one is near: at most a third of its letters
  /// differ.
  public static Optional<String> nearest(String name, Collection<String> known) {
    if (name.length() > LONGEST_COMPARED) {
      return Optional.empty();
    }
    var allowed = Math.max(1, name.length() / 3);
    return known.stream()
        .filter(candidate -> Math.abs(candidate.length() - name.length()) <= allowed)
        .filter(candidate -> distance(name, candidate) <= allowed)
        .min(
            Comparator.comparingInt((String candidate) -> distance(name, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }

  /// `; did you mean 'x'?` for the [#nearest] name, else nothing.
  public static String didYouMean(String name, Collection<String> known) {
    return nearest(name, known).map(near -> "; did you mean '" + near + "'?").orElse("");
  }

  /// How many letters must be changed, added, removed, or swapped with their neighbour.
  private static int distance(String a, String b) {
    var rows = new int[a.length() + 1][b.length() + 1];
    for (var i = 0; i <= a.length(); i++) {
      for (var j = 0; j <= b.length(); j++) {
        rows[i][j] = i == 0 || j == 0 ? i + j : step(rows, a, b, i, j);
      }
    }
    return rows[a.length()][b.length()];
  }

  private static int step(int[][] rows, String a, String b, int i, int j) {
    var last = a.charAt(i - 1);
    var change = rows[i - 1][j - 1] + (last == b.charAt(j - 1) ? 0 : 1);
    var best = Math.min(change, Math.min(rows[i - 1][j], rows[i][j - 1]) + 1);
    var swapped = i > 1 && j > 1 && last == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, rows[i - 2][j - 2] + 1) : best;
  }
}
