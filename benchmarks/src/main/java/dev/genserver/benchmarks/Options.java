package dev.genserver.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What a scenario was given on its command line.
public record Options(List<String> words) {

  public static Options of(String[] args) {
    return new Options(List.of(args));
  }

  /// Where the project is.
  public static Path root() {
    return Path.of(System.getProperty("genserver.root", "."));
  }

  public boolean has(String name) {
    return words.contains(name);
  }

  public long number(String name, long otherwise) {
    return text(name).map(Long::parseLong).orElse(otherwise);
  }

  public Optional<String> text(String name) {
    return all(name).stream().findFirst();
  }

  /// What stands behind `name`, until the next option.
  public List<String> all(String name) {
    var found = new ArrayList<String>();
    var at = words.indexOf(name);
    if (at >= 0) {
      for (var word : words.subList(at + 1, words.size())) {
        if (word.startsWith("--")) {
          break;
        }
        found.add(word);
      }
      if (found.isEmpty()) {
        throw new IllegalArgumentException(name + " takes a value");
      }
    }
    return found;
  }

  /// Those of `all` that are named behind `--only`; all where that is not given.
  ///
  /// @param what one of them is called in problems
  /// @throws IllegalArgumentException if one that is named is not there
  public <T> List<T> only(List<T> all, String what, Function<T, String> name) {
    if (!has("--only")) {
      return all;
    }
    var wanted = all("--only");
    var known = all.stream().map(name).toList();
    for (var each : wanted) {
      if (!known.contains(each)) {
        throw new IllegalArgumentException(
            "there is no %s '%s', but %s".formatted(what, each, String.join(", ", known)));
      }
    }
    return all.stream().filter(each -> wanted.contains(name.apply(each))).toList();
  }
}
