package dev.genserver.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.conformance.Suite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// docs/protocol.md says nothing that no test holds: docs/protocol-conformance.md names for each of
/// its paragraphs, list items and table rows what would fail.
class ProtocolDocTest {

  private static final Path PROTOCOL = Product.ROOT.resolve("docs", "protocol.md");
  private static final Path PAGE = Product.ROOT.resolve("docs", "protocol-conformance.md");
  private static final Pattern ID = Pattern.compile("\\b[A-Z]+-\\d\\d\\b");
  private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))`");
  private static final String CUT = " …";

  /// What stands together on a page, under a heading, as plain text.
  private record Block(String section, String text) {}

  private record Held(String section, String words, String by) {

    boolean isOf(Block block) {
      var begins =
          words.endsWith(CUT)
              ? block.text().startsWith(words.substring(0, words.length() - CUT.length()))
              : block.text().equals(words);
      return begins && section.equals(block.section());
    }
  }

  @Test
  void everythingThatTheProtocolSaysIsHeldBySomething() throws IOException {
    var blocks = blocks();
    var held = held();
    assertThat(blocks).hasSizeGreaterThan(150);
    for (var i = 0; i < Math.min(blocks.size(), held.size()); i++) {
      assertThat(held.get(i).isOf(blocks.get(i)))
          .as(
              "docs/protocol-conformance.md, '%s', begins like docs/protocol.md, '%s'; say there what holds it",
              held.get(i).words(), blocks.get(i))
          .isTrue();
    }
    assertThat(held).hasSameSizeAs(blocks);
  }

  @Test
  void eachRowOfTheSuiteHoldsSomethingAndNoOtherIsNamed() throws IOException {
    var named = ID.matcher(Files.readString(PAGE)).results().map(id -> id.group()).toList();
    assertThat(named).hasSizeGreaterThan(150);
    assertThat(named).hasSameElementsAs(Suite.ids());
  }

  @Test
  void eachTestThatIsNamedIsThere() throws IOException {
    var named = TEST.matcher(Files.readString(PAGE)).results().map(test -> test.group(1)).toList();
    assertThat(named).hasSizeGreaterThan(5).isSubsetOf(tests());
  }

  private static List<String> tests() throws IOException {
    try (var files = Files.walk(Product.ROOT)) {
      return files
          .filter(file -> file.toString().contains("/src/test/java/"))
          .map(file -> file.getFileName().toString().replace(".java", ""))
          .toList();
    }
  }

  @Test
  void eachLineNamesARowOrATestOrSaysWhyThereIsNone() throws IOException {
    assertThat(held())
        .allSatisfy(line ->
            assertThat(
                    ID.matcher(line.by()).find()
                        || TEST.matcher(line.by()).find()
                        || line.by().contains(";"))
                .as("%s", line)
                .isTrue());
  }

  private static List<Held> held() throws IOException {
    var held = new ArrayList<Held>();
    var section = "";
    for (var line : Files.readAllLines(PAGE)) {
      if (line.startsWith("## ")) {
        section = line.substring(3);
      } else if (line.startsWith("| ") && !line.startsWith("| The page says ")) {
        var cells = line.split(" \\| ", -1);
        held.add(
            new Held(section, cells[0].substring(2), cells[1].substring(0, cells[1].length() - 2)));
      }
    }
    return held;
  }

  /// What the protocol says from its conventions on: before them it only tells what is where.
  private static List<Block> blocks() throws IOException {
    var blocks = new ArrayList<Block>();
    var section = "";
    var paragraph = new StringBuilder();
    var fenced = false;
    var inTable = false;
    var begun = false;
    for (var line : Files.readAllLines(PROTOCOL)) {
      var ends = line.isBlank() || line.startsWith("#") || line.startsWith("|");
      if (ends || line.startsWith("```") || line.startsWith("- ") || line.startsWith("<!--")) {
        add(blocks, section, paragraph);
      }
      if (line.startsWith("```")) {
        fenced = !fenced;
      } else if (!fenced && line.startsWith("#")) {
        section = line.replaceFirst("#+ ", "");
        begun |= section.equals("Conventions");
      } else if (!fenced && begun && line.startsWith("|")) {
        // The first two lines of a table are its heading.
        if (inTable && !line.startsWith("|---")) {
          blocks.add(new Block(section, plain(line.split(" \\| ", 2)[0].substring(2))));
        }
        inTable = true;
        continue;
      } else if (!fenced && begun && !ends && !line.startsWith("<!--")) {
        paragraph.append(paragraph.isEmpty() ? "" : " ").append(line.strip());
      }
      inTable = false;
    }
    add(blocks, section, paragraph);
    return blocks;
  }

  private static void add(List<Block> blocks, String section, StringBuilder paragraph) {
    if (!paragraph.isEmpty()) {
      blocks.add(new Block(section, plain(paragraph.toString())));
      paragraph.setLength(0);
    }
  }

  /// Without what Markdown adds.
  private static String plain(String text) {
    return text.replaceFirst("^- ", "")
        .replace("**", "")
        .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1");
  }
}
