package dev.genserver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.daemon.config.ConfigKey;
import dev.genserver.daemon.metrics.Exposition;
import dev.genserver.protocol.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Holds docs/limits.md to the code.
class LimitsDocTest {

  private static final Path DOC = Path.of("..", "docs", "limits.md");
  private static final Pattern TABLE = Pattern.compile("(?ms)^<!-- (\\w+) -->\n(.+?)\n\n|\\z");
  private static final Pattern SETTING =
      Pattern.compile("(?m)^\\| `([a-z.-]+)` \\| `([^`]*)` \\| [^|]+ \\| [^|]+ \\| ([^|]+) \\|$");
  private static final Pattern FIXED =
      Pattern.compile("(?m)^\\| [^|]+ \\| ([\\d,]+)(?: (\\w+))? \\| [^|]+ \\| `([\\w.]+)` \\|$");
  private static final Pattern METRIC =
      Pattern.compile("`(genserverd_\\w+|jvm_\\w+|process_\\w+)`");
  private static final Pattern CODE = Pattern.compile("`([a-z]+(?:_[a-z]+)*)`");

  /// What a unit makes of a number; of times, milliseconds.
  private static final Map<String, Long> UNITS =
      Map.of("KiB", 1L << 10, "MiB", 1L << 20, "s", 1_000L, "min", 60_000L);

  /// Settings that limit nothing.
  private static final Set<String> OTHERS =
      Set.of(
          "listen",
          "admin",
          "auth",
          "tokens.file",
          "tokens.dir",
          "tls.certificate",
          "tls.key",
          "tls.client-ca",
          "plugins.dir",
          "plugins.on-problem",
          "plugins.watch",
          "log.format",
          "log.level",
          "log.levels",
          "traces.endpoint",
          "traces.sample",
          "traces.headers-file",
          "traces.service-name");

  private static Stream<MatchResult> rows(String table, Pattern row) throws IOException {
    var text =
        TABLE
            .matcher(Files.readString(DOC) + "\n")
            .results()
            .filter(found -> table.equals(found.group(1)))
            .map(found -> found.group(2))
            .collect(Collectors.joining());
    assertThat(text).as(table).isNotEmpty();
    return row.matcher(text).results();
  }

  @Test
  void tableOfSettingsHasEveryLimitWithItsDefault() throws IOException {
    var shown = rows("settings", SETTING).map(row -> row.group(1) + ": " + row.group(2)).toList();
    var known =
        ConfigKey.all().stream()
            .filter(key -> !OTHERS.contains(key.name()))
            .map(key -> key.name() + ": " + key.defaultText())
            .toList();

    assertThat(shown).isEqualTo(known);
    assertThat(ConfigKey.all()).extracting(ConfigKey::name).containsAll(OTHERS);
  }

  @Test
  void noneOfThemIsUsedWithoutARestartButThoseThatAreNamed() throws IOException {
    var applied = rows("settings", SETTING).map(row -> row.group(1)).filter(Reload::isApplied);

    assertThat(applied).isEmpty();
    assertThat(List.of("principals.shop", "log.level", "plugins.config.shop.currency"))
        .allMatch(Reload::isApplied);
  }

  @Test
  void errorsAndMetricsThatTellOfALimitAreThere() throws IOException {
    var codes = Arrays.stream(ErrorCode.values()).map(ErrorCode::wireName).toList();
    var told = rows("settings", SETTING).map(row -> row.group(3)).toList();

    assertThat(told)
        .allSatisfy(tells -> {
          assertThat(METRIC.matcher(tells).results().map(name -> name.group(1)))
              .isSubsetOf(Exposition.known(false));
          assertThat(
                  CODE.matcher(METRIC.matcher(tells).replaceAll(""))
                      .results()
                      .map(name -> name.group(1)))
              .isSubsetOf(codes);
        });
    assertThat(METRIC.matcher(Files.readString(DOC)).results().map(name -> name.group(1)))
        .hasSizeGreaterThan(10)
        .isSubsetOf(Exposition.known(false));
  }

  @Test
  void fixedLimitsAreThoseOfTheCode() throws Exception {
    var rows = rows("fixed", FIXED).toList();
    assertThat(rows).hasSizeGreaterThan(15);
    for (var row : rows) {
      var unit = row.group(2) == null ? 1L : UNITS.get(row.group(2));
      var shown = Long.parseLong(row.group(1).replace(",", "")) * unit;
      assertThat(value(row.group(3))).as(row.group(3)).isEqualTo(shown);
    }
  }

  /// What a constant is; of a time, in milliseconds.
  private static long value(String constant) throws ReflectiveOperationException {
    var dot = constant.lastIndexOf('.');
    var field =
        Class.forName("dev.genserver." + constant.substring(0, dot))
            .getDeclaredField(constant.substring(dot + 1));
    field.setAccessible(true);
    return field.get(null) instanceof Duration time
        ? time.toMillis()
        : ((Number) field.get(null)).longValue();
  }
}
