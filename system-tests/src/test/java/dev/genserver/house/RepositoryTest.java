package dev.genserver.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What holds for every file that git tracks.
class RepositoryTest {

  // Written so that this file does not match.
  private static final Pattern HOME = Pattern.compile("/(home|root|Users)/\\w");
  private static final Pattern UNFINISHED =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b");

  @Test
  void noFileNamesAHomeFolder() throws Exception {
    assertThat(linesThatMatch(HOME)).isEmpty();
  }

  @Test
  void nothingIsLeftForLater() throws Exception {
    assertThat(linesThatMatch(UNFINISHED)).isEmpty();
  }

  @Test
  void everyScriptCanBeExecuted() throws Exception {
    var scripts =
        trackedFiles().stream()
            .filter(file -> file.startsWith("scripts") || file.startsWith(".ci"))
            .filter(file -> !file.startsWith("scripts/lib"))
            .toList();

    assertThat(scripts).hasSizeGreaterThanOrEqualTo(5);
    assertThat(scripts).allSatisfy(file -> assertThat(Product.ROOT.resolve(file)).isExecutable());
  }

  private static List<String> linesThatMatch(Pattern pattern) throws Exception {
    var files = trackedFiles();
    assertThat(files).hasSizeGreaterThanOrEqualTo(100);
    return files.stream().flatMap(file -> linesThatMatch(pattern, file)).toList();
  }

  private static Stream<String> linesThatMatch(Pattern pattern, Path file) {
    try {
      // One byte is one character: golden files need not be UTF-8.
      return Files.readAllLines(Product.ROOT.resolve(file), StandardCharsets.ISO_8859_1).stream()
          .filter(line -> pattern.matcher(line).find())
          .map(line -> file + ": " + line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> trackedFiles() throws Exception {
    assumeTrue(Files.exists(Product.ROOT.resolve(".git")), "this is no clone of the repository");
    var git =
        new ProcessBuilder("git", "ls-files", "--cached", "--deduplicate")
            .directory(Product.ROOT.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var names = git.inputReader(StandardCharsets.UTF_8)) {
      var files =
          names
              .lines()
              .map(Path::of)
              .filter(file -> Files.exists(Product.ROOT.resolve(file)))
              .toList();
      assertThat(git.waitFor()).isZero();
      return files;
    }
  }
}
