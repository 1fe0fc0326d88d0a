package dev.genserver.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Holds docs/conformance.md and the conformance tests together.
class ConformanceDocTest {

  private static final List<Class<?>> TESTS =
      List.of(
          CallConformanceTest.class,
          CastConformanceTest.class,
          InitConformanceTest.class,
          NameConformanceTest.class,
          TermConformanceTest.class,
          TmoConformanceTest.class,
          LinkConformanceTest.class,
          TimeConformanceTest.class,
          SupConformanceTest.class);

  private static final Set<String> VERDICTS =
      Set.of("met", "in part", "by types", "differs", "later");

  private static final Pattern ROW =
      Pattern.compile("\\| ([A-Z]+-\\d\\d)\\*? \\| [^|]+ \\| ([^|]+) \\| ([^|]*) \\| ([^|]*) \\|");
  private static final Pattern METHOD = Pattern.compile("([a-z]+)(\\d\\d)_\\w+");

  private record Row(String id, String verdict, Set<String> tests, String note) {}

  private static List<Row> rows() throws IOException {
    return Files.readAllLines(Path.of("..", "docs", "conformance.md")).stream()
        .flatMap(line -> ROW.matcher(line).results())
        .map(row -> new Row(row.group(1), row.group(2), names(row.group(3)), row.group(4).strip()))
        .toList();
  }

  private static Set<String> names(String cell) {
    return METHOD
        .matcher(cell)
        .results()
        .map(name -> name.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// The methods that are tests of a row.
  private static Set<String> methods() {
    return TESTS.stream()
        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
        .filter(method -> method.isAnnotationPresent(Test.class))
        .map(method -> method.getName())
        .filter(name -> METHOD.matcher(name).matches())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String idOf(String method) {
    var name = METHOD.matcher(method);
    assertThat(name.matches()).isTrue();
    return name.group(1).toUpperCase(Locale.ROOT) + "-" + name.group(2);
  }

  @Test
  void testsOfEachRowAreThoseThatThePageNames() throws IOException {
    var methods = methods();
    for (var row : rows()) {
      assertThat(row.tests())
          .as(row.id())
          .isEqualTo(
              methods.stream()
                  .filter(method -> idOf(method).equals(row.id()))
                  .collect(Collectors.toSet()));
    }
  }

  @Test
  void eachTestOfARowIsOnThePage() throws IOException {
    assertThat(rows().stream().flatMap(row -> row.tests().stream()))
        .containsExactlyInAnyOrderElementsOf(methods())
        .hasSizeGreaterThan(100);
  }

  @Test
  void eachVerdictIsBornOut() throws IOException {
    assertThat(rows()).hasSizeGreaterThan(100);
    for (var row : rows()) {
      assertThat(VERDICTS).as(row.id()).contains(row.verdict());
      if (row.verdict().equals("met") || row.verdict().equals("in part")) {
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
