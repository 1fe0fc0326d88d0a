package dev.genserver.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Holds docs/conformance.md and the conformance tests together. Such a test may be in any module;
/// it is known by its name, which begins with the ID of its row.
class ConformanceDocTest {

  private static final Set<String> VERDICTS = Set.of("met", "by types", "differs");

  private static final Pattern ROW =
      Pattern.compile("\\| ([A-Z]+-\\d\\d)\\*? \\| [^|]+ \\| ([^|]+) \\| ([^|]*) \\| ([^|]*) \\|");
  private static final Pattern NAME = Pattern.compile("([a-z]+)(\\d\\d)_\\w+");
  private static final Pattern TEST =
      Pattern.compile("@(?:\\w*Test|TestFactory)\\b[^{;]*?\\s(" + NAME + ")\\(");

  private record Row(String id, String verdict, Set<String> tests, String note) {}

  private static List<Row> rows() throws IOException {
    return Files.readAllLines(Product.ROOT.resolve("docs", "conformance.md")).stream()
        .flatMap(line -> ROW.matcher(line).results())
        .map(row -> new Row(row.group(1), row.group(2), names(row.group(3)), row.group(4).strip()))
        .toList();
  }

  private static Set<String> names(String cell) {
    return NAME.matcher(cell)
        .results()
        .map(name -> name.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// The tests of rows, of all modules.
  private static List<String> tests() throws IOException {
    try (var modules = Files.list(Product.ROOT)) {
      return modules
          .map(module -> module.resolve("src", "test", "java"))
          .filter(Files::isDirectory)
          .flatMap(ConformanceDocTest::testsBelow)
          .toList();
    }
  }

  private static Stream<String> testsBelow(Path folder) {
    try (var files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .flatMap(file -> TEST.matcher(read(file)).results())
          .map(test -> test.group(1))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String idOf(String test) {
    var name = NAME.matcher(test);
    assertThat(name.matches()).isTrue();
    return name.group(1).toUpperCase(Locale.ROOT) + "-" + name.group(2);
  }

  @Test
  void testsOfEachRowAreThoseThatThePageNames() throws IOException {
    var tests = tests();
    for (var row : rows()) {
      assertThat(row.tests())
          .as(row.id())
          .isEqualTo(
              tests.stream()
                  .filter(test -> idOf(test).equals(row.id()))
                  .collect(Collectors.toSet()));
    }
  }

  @Test
  void eachTestOfARowIsOnThePage() throws IOException {
    assertThat(rows().stream().flatMap(row -> row.tests().stream()))
        .containsExactlyInAnyOrderElementsOf(tests())
        .hasSizeGreaterThan(100);
  }

  @Test
  void eachVerdictIsBornOut() throws IOException {
    assertThat(rows()).hasSizeGreaterThan(100);
    for (var row : rows()) {
      assertThat(VERDICTS).as(row.id()).contains(row.verdict());
      if (row.verdict().equals("met")) {
        assertThat(row.tests()).as("tests of " + row.id()).isNotEmpty();
      }
      if (!row.verdict().equals("met")) {
        assertThat(row.note()).as("note on " + row.id()).isNotEmpty();
      }
    }
  }

  @Test
  void eachRowIsThereOnce() throws IOException {
    assertThat(rows().stream().map(Row::id)).doesNotHaveDuplicates();
    assertThat(Stream.of("CALL-01", "TMO-08", "LINK-10", "SUP-26"))
        .isSubsetOf(rows().stream().map(Row::id).toList());
  }
}
