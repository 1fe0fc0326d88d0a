package dev.genserver.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
}
