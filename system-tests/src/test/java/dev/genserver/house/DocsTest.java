package dev.genserver.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.genserver.protocol.ClientMessages;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.ServerMessages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the documents say is there, is there.
class DocsTest {

  private static final Path README = Product.ROOT.resolve("README.md");
  private static final Path PROTOCOL = Product.ROOT.resolve("docs", "protocol.md");

  private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
  private static final Pattern EXAMPLE =
      Pattern.compile("(?m)^<!-- (client|daemon) -->\n```json\n(.+)\n```$");
  private static final Pattern JSON = Pattern.compile("(?m)^```json$");
  private static final Pattern EXCERPT =
      Pattern.compile("(?ms)^<!-- excerpt: (\\S+) -->\n```java\n(.+?)^```$");
  private static final Pattern PROGRAM = Pattern.compile("(?ms)^```java\n(import .+?)^```$");
  private static final Pattern ERROR_ROW =
      Pattern.compile("(?m)^\\| `(\\w+)`( †)? \\|.*\\| ([^|]+) \\| (\\d+) \\|$");

  static List<Path> documents() throws IOException {
    try (var files = Files.walk(Product.ROOT.resolve("docs"))) {
      return Stream.concat(Stream.of(README), files.filter(f -> f.toString().endsWith(".md")))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyLinkLeadsSomewhere(Path document) throws Exception {
    var text = FENCE.matcher(Files.readString(document)).replaceAll("");
    var dead =
        LINK.matcher(text)
            .results()
            .map(link -> link.group(1))
            .filter(link -> !link.startsWith("https://"))
            .filter(link -> !leadsSomewhere(document, link))
            .toList();

    assertThat(dead).isEmpty();
  }

  @Test
  void errorsOfTheProtocolAreThoseOfTheCode() throws Exception {
    var documented =
        results(ERROR_ROW, PROTOCOL)
            .collect(
                Collectors.toMap(
                    row -> row.group(1),
                    row -> row.group(4) + (row.group(2) == null ? "" : " fatal")));

    var built =
        Arrays.stream(ErrorCode.values())
            .filter(code -> code != ErrorCode.UNRECOGNISED)
            .collect(
                Collectors.toMap(
                    ErrorCode::wireName,
                    code -> code.exitCode() + (code.isFatal() ? " fatal" : "")));
    assertThat(documented).isEqualTo(built);
  }

  @Test
  void examplesOfTheProtocolAreUnderstoodByTheCode() throws Exception {
    var examples = results(EXAMPLE, PROTOCOL).toList();

    assertThat(examples)
        .as("each JSON example says who sends it")
        .hasSize((int) results(JSON, PROTOCOL).count())
        .hasSizeGreaterThanOrEqualTo(15)
        .allSatisfy(example -> {
          var json = example.group(2).getBytes(StandardCharsets.UTF_8);
          if (example.group(1).equals("client")) {
            assertThatCode(() -> ClientMessages.decode(json, 0, json.length))
                .doesNotThrowAnyException();
          } else {
            assertThat(ServerMessages.decode(json, 0, json.length))
                .isNotInstanceOf(ServerMessage.Unknown.class);
          }
        });
  }

  @Test
  void excerptsInTheReadmeAreWhatTheSourcesSay() throws Exception {
    var excerpts =
        results(EXCERPT, README).collect(Collectors.toMap(e -> e.group(1), e -> e.group(2)));

    assertThat(excerpts).isNotEmpty();
    for (Map.Entry<String, String> excerpt : excerpts.entrySet()) {
      assertThat(Product.ROOT.resolve(excerpt.getKey()))
          .content()
          .endsWith("\n\n" + excerpt.getValue());
    }
  }

  @Test
  void programInTheReadmeCompiles(@TempDir Path folder) throws Exception {
    var programs = results(PROGRAM, README).toList();
    assertThat(programs).hasSize(1);
    var source = Files.writeString(folder.resolve("Demo.java"), programs.getFirst().group(1));

    var errors = new ByteArrayOutputStream();
    var result =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, errors, "-proc:none", "-d", folder.toString(), source.toString());

    assertThat(result).as(errors.toString(StandardCharsets.UTF_8)).isZero();
  }

  private static boolean leadsSomewhere(Path document, String link) {
    var parts = link.split("#", 2);
    var target = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]);
    return Files.exists(target) && (parts.length == 1 || anchors(target).contains(parts[1]));
  }

  /// The anchors of a document, as GitHub makes them of its headings.
  private static List<String> anchors(Path document) {
    try {
      var text = FENCE.matcher(Files.readString(document)).replaceAll("");
      return HEADING
          .matcher(text)
          .results()
          .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
          .map(heading -> heading.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<MatchResult> results(Pattern pattern, Path document) throws IOException {
    return pattern.matcher(Files.readString(document)).results();
  }
}
