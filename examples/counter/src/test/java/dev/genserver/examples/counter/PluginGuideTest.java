package dev.genserver.examples.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathException;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.w3c.dom.Document;

/// Keeps `docs/plugin-guide.md` true: its Java is code that is compiled and tested.
class PluginGuideTest {

  private static final Path ROOT = Path.of("..", "..");
  private static final Pattern JAVA =
      Pattern.compile("(?:<!-- source: (\\S+) -->\n)?```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern XML = Pattern.compile("```xml\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(#([^)]+)\\)");
  private static final Pattern CONTENTS = Pattern.compile("(?m)^- \\[[^\\]]+\\]\\(#([^)]+)\\)$");

  private final String guide = read("docs/plugin-guide.md");

  @TestFactory
  Stream<DynamicTest> javaIsTakenFromItsSource() {
    assertThat(JAVA.matcher(guide).results()).hasSizeGreaterThan(8);
    return JAVA.matcher(guide)
        .results()
        .map(block ->
            DynamicTest.dynamicTest(
                "%s: %s".formatted(block.group(1), block.group(2).lines().findFirst()),
                () -> assertTakenFromSource(block)));
  }

  private static void assertTakenFromSource(MatchResult block) {
    assertThat(block.group(1)).as("the <!-- source: … --> above a block of Java").isNotNull();
    // The guide shows members without the indentation that they have in their class.
    var indented = Stream.of(0, 2, 4).map(width -> indent(block.group(2), width)).toList();
    assertThat(read(block.group(1))).containsAnyOf(indented.toArray(String[]::new));
  }

  private static String indent(String code, int width) {
    return code.replaceAll("(?m)^(?=.)", " ".repeat(width));
  }

  @Test
  void pomHasTheVersionsAndTheManifestOfTheExamples() throws Exception {
    var shown = parse(XML.matcher(guide).results().findFirst().orElseThrow().group(1));
    var parent = parse(read("pom.xml"));
    var examples = parse(read("examples/pom.xml"));

    assertThat(version(shown, "genserver-sdk")).isEqualTo(text(parent, "/project/version"));
    assertThat(version(shown, "genserver-testkit")).isEqualTo(text(parent, "/project/version"));
    assertThat(version(shown, "junit-jupiter")).isEqualTo(text(parent, "//junit.version"));
    assertThat(version(shown, "assertj-core")).isEqualTo(text(parent, "//assertj.version"));
    assertThat(text(shown, "//manifestEntries"))
        .contains("1")
        .isEqualTo(text(examples, "//manifestEntries"));
  }

  @Test
  void contentsLeadToSections() {
    var sections =
        guide.lines().filter(line -> line.startsWith("## ")).map(PluginGuideTest::anchor).toList();

    assertThat(targets(CONTENTS)).containsExactlyElementsOf(sections);
    assertThat(sections).containsAll(targets(LINK));
  }

  private List<String> targets(Pattern link) {
    return link.matcher(guide).results().map(found -> found.group(1)).toList();
  }

  private static String anchor(String heading) {
    var words = heading.substring(3).toLowerCase(Locale.ROOT);
    return words.replaceAll("[^a-z0-9 ]", "").replace(' ', '-');
  }

  private static String version(Document pom, String artifact) throws XPathException {
    return text(pom, "//*[artifactId='" + artifact + "']/version");
  }

  private static String text(Document pom, String path) throws XPathException {
    var text = XPathFactory.newInstance().newXPath().evaluate(path, pom);
    return text.strip().replaceAll("\\s+", " ");
  }

  private static Document parse(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  private static String read(String path) {
    try {
      return Files.readString(ROOT.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
