package dev.genserver.daemon.binding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.genserver.daemon.config.ConfigLoader;
import dev.genserver.daemon.text.Section;
import dev.genserver.sdk.Behaviour;
import dev.genserver.sdk.ConfiguredPlugin;
import dev.genserver.sdk.Secret;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationBindingTest {

  private static final Map<String, String> ENVIRONMENT = Map.of("SHOP_KEY", "hunter2", "BLANK", "");

  private abstract static class Configured<C extends Record> implements ConfiguredPlugin<C> {
    @Override
    public List<Behaviour<?>> behaviours(C configuration) {
      return List.of();
    }
  }

  enum Mode {
    DRY_RUN,
    LIVE
  }

  record Range(int low, int high) {
    Range {
      if (low > high) {
        throw new IllegalArgumentException("low " + low + " must not be above high " + high);
      }
    }
  }

  record Everything(
      byte b,
      short s,
      int i,
      long l,
      Integer boxed,
      float f,
      double d,
      boolean truth,
      String text,
      BigInteger big,
      BigDecimal exact,
      Mode mode,
      Duration retryAfter,
      Instant at,
      LocalDate on,
      UUID uuid,
      Path path,
      URI uri,
      Secret apiKey,
      Optional<Integer> some,
      Optional<Integer> none,
      List<String> list,
      Set<Mode> set,
      Map<String, Range> map,
      Range nested) {}

  private static final class TakesEverything extends Configured<Everything> {}

  record Shop(
      String currency,
      int retryLimit,
      Duration timeout,
      Optional<Secret> apiKey,
      List<Mode> modes) {}

  private static final class TakesShop extends Configured<Shop> {}

  record Nested(Range range, Map<String, Integer> limits) {}

  private static final class TakesNested extends Configured<Nested> {}

  record OnlySecret(Secret apiKey) {
    OnlySecret {
      Integer.parseInt(apiKey.reveal());
    }
  }

  private static final class TakesSecret extends Configured<OnlySecret> {}

  record Nothing() {}

  private static final class TakesNothing extends Configured<Nothing> {}

  record Unbindable(Thread thread, List<Object> list, Map<Integer, String> map, Self self) {
    record Self(Optional<Self> self, char letter) {}
  }

  private static final class TakesUnbindable extends Configured<Unbindable> {}

  @SuppressWarnings("rawtypes") // what an author may do too
  private abstract static class TakesAnything extends Configured {}

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("genserverd.yaml");
  }

  private Section section(String yaml) {
    try {
      Files.writeString(file, "plugins.config:\n  shop:\n" + yaml.indent(4));
      return ConfigLoader.load(Optional.of(file), Map.of(), Map.of())
          .plugins()
          .sections()
          .getOrDefault("shop", Section.none("shop"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Record bind(Class<?> plugin, String yaml) {
    return ConfigurationBinding.of(plugin).bind(section(yaml), ENVIRONMENT::get);
  }

  /// What is wrong, with `FILE` for the name of the file.
  private List<String> problems(Class<?> plugin, String yaml) {
    var thrown = catchThrowableOfType(ConfigurationException.class, () -> bind(plugin, yaml));
    assertThat(thrown).as("refused: " + yaml).isNotNull();
    assertThat(thrown).hasMessage(String.join("; ", thrown.problems()));
    return thrown.problems().stream()
        .map(problem -> problem.replace(file.toString(), "FILE"))
        .toList();
  }

  @Test
  void everyKindOfValueIsBound() {
    var bound =
        bind(
            TakesEverything.class,
            """
            b: -1
            s: 2
            i: 10_000
            l: 9223372036854775807
            boxed: 5
            f: 1.5
            d: 2
            truth: true
            text: 007
            big: 123456789012345678901
            exact: 0.10
            mode: dry-run
            retry-after: 250ms
            at: 2026-01-31T12:00:00Z
            on: 2026-01-31
            uuid: 01234567-89ab-cdef-0123-456789abcdef
            path: /var/lib/shop
            uri: https://shop.example/
            api-key: {env: SHOP_KEY}
            some: 3
            list: [a, b]
            set: [live, live]
            map:
              eu: {low: 1, high: 2}
            nested:
              low: 3
              high: 4
            """);
    assertThat(bound)
        .isEqualTo(
            new Everything(
                (byte) -1,
                (short) 2,
                10_000,
                Long.MAX_VALUE,
                5,
                1.5f,
                2,
                true,
                "007",
                new BigInteger("123456789012345678901"),
                new BigDecimal("0.10"),
                Mode.DRY_RUN,
                Duration.ofMillis(250),
                Instant.parse("2026-01-31T12:00:00Z"),
                LocalDate.of(2026, 1, 31),
                UUID.fromString("01234567-89ab-cdef-0123-456789abcdef"),
                Path.of("/var/lib/shop"),
                URI.create("https://shop.example/"),
                Secret.of("hunter2"),
                Optional.of(3),
                Optional.empty(),
                List.of("a", "b"),
                Set.of(Mode.LIVE),
                Map.of("eu", new Range(1, 2)),
                new Range(3, 4)));
  }

  @Test
  void allThatIsWrongIsToldAtOnce() {
    assertThat(
            problems(
                TakesShop.class,
                """
                currency: [EUR]
                retry-limt: 3
                timeout: 5
                api-key: hunter2
                modes: [live, fast, ]
                """))
        .containsExactly(
            "config 'plugins.config.shop.retry-limt' (FILE:4) is unknown; did you mean"
                + " 'retry-limit'?",
            "config 'plugins.config.shop.currency' (FILE:3) must be a text, is a list",
            "config 'plugins.config.shop.retry-limit' (FILE:3) is missing; it must be a whole number"
                + " from -2147483648 to 2147483647",
            "config 'plugins.config.shop.timeout' (FILE:5) must be a time such as 250ms, 5s, 10m or"
                + " 1h, is '5'",
            "config 'plugins.config.shop.api-key' (FILE:6) is a secret, which must not stand here"
                + " itself; put it into a file or an environment variable and refer to that, as in"
                + " 'api-key: {file: /run/secrets/api-key}' or 'api-key: {env: API_KEY}'",
            "config 'plugins.config.shop.modes[1]' (FILE:7) must be one of dry-run, live, is 'fast'");
  }

  @Test
  void withoutASectionWhatIsMissingIsToldWithoutAPlace() {
    var thrown =
        catchThrowableOfType(
            ConfigurationException.class,
            () ->
                ConfigurationBinding.of(TakesSecret.class)
                    .bind(Section.none("shop"), ENVIRONMENT::get));
    assertThat(thrown.problems())
        .containsExactly(
            "config 'plugins.config.shop.api-key' is missing; it must be one reference to a secret,"
                + " {file: PATH} or {env: VARIABLE}");
    assertThat(ConfigurationBinding.of(TakesNothing.class).bind(Section.none("a"), _ -> null))
        .isEqualTo(new Nothing());
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " -> ",
      quoteCharacter = '`',
      value = {
        "{range: 3, limits: {}} -> .range' (FILE:3) must be a mapping with low, high, is '3'",
        "{range: [3], limits: {}} -> .range' (FILE:3) must be a mapping with low, high, is a list",
        "{range: {low: 5, high: 4}, limits: {}} -> .range' (FILE:3) is refused: low 5 must not be"
            + " above high 4",
        "{range: {low: 1, high: 2, mid: 1}, limits: {}} -> .range.mid' (FILE:3) is unknown; known"
            + " here: low, high",
        "{range: {low: 1, high: 2}, limits: {eu: many}} -> .limits.eu' (FILE:3) must be a whole"
            + " number from -2147483648 to 2147483647, is 'many'",
        "{range: {low: 1, high: 2147483648}, limits: {}} -> .range.high' (FILE:3) must be a whole"
            + " number from -2147483648 to 2147483647, is '2147483648'",
        "{range: {low: 1, high: {}}, limits: {}} -> .range.high' (FILE:3) must be a whole number"
            + " from -2147483648 to 2147483647, is a mapping",
        "{range: {low: 1, high: 2}, limits: } -> .limits' (FILE:3) has no value; give it one or"
            + " remove the line",
        "{range: {low: 1, high: 2}} -> .limits' (FILE:3) is missing; it must be a mapping",
        "{range: {low: 1, high: 2}, limits: 7} -> .limits' (FILE:3) must be a mapping, is '7'"
      })
  void whatCannotBeIsToldWithItsPlace(String yaml, String problem) {
    assertThat(problems(TakesNested.class, yaml))
        .containsExactly("config 'plugins.config.shop" + problem);
  }

  @Test
  void aRecordWithoutComponentsTakesNothing() {
    assertThat(problems(TakesNothing.class, "a: 1"))
        .containsExactly(
            "config 'plugins.config.shop.a' (FILE:3) is unknown; nothing can be said here, remove"
                + " it");
  }

  // Secrets.

  private static Secret apiKey(Record shop) {
    return ((Shop) shop).apiKey().orElseThrow();
  }

  private String shop(String secret) {
    return "{currency: EUR, retry-limit: 3, timeout: 5s, modes: [], api-key: %s}".formatted(secret);
  }

  private Path secret(byte... bytes) throws IOException {
    return Files.write(folder.resolve("key"), bytes);
  }

  @Test
  void secretsAreReadFromFilesWithoutTheEndOfTheirLine() throws IOException {
    for (var text : List.of("hunter2", "hunter2\n", "hunter2\r\n")) {
      var key = secret(text.getBytes(UTF_8));
      assertThat(apiKey(bind(TakesShop.class, shop("{file: " + key + "}"))).reveal())
          .isEqualTo("hunter2");
    }
    var key = secret("two\nlines \n\n".getBytes(UTF_8));
    assertThat(apiKey(bind(TakesShop.class, shop("{file: " + key + "}"))).reveal())
        .isEqualTo("two\nlines \n");
  }

  @Test
  void secretsAreReadFromTheEnvironment() {
    assertThat(apiKey(bind(TakesShop.class, shop("{env: SHOP_KEY}"))).reveal())
        .isEqualTo("hunter2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " -> ",
      quoteCharacter = '`',
      value = {
        "{env: NO_KEY} -> refers to the environment variable NO_KEY, which is not set; set it where"
            + " the daemon is started",
        "{env: BLANK} -> refers to the environment variable BLANK, which is empty; set it where the"
            + " daemon is started",
        "{file: /no/such/key} -> refers to the file /no/such/key, which does not exist; create it,"
            + " or name another",
        "{file: a, env: b} -> must be one reference to a secret, {file: PATH} or {env: VARIABLE}",
        "{fil: a} -> must be one reference to a secret, {file: PATH} or {env: VARIABLE}",
        "{file: } -> must be one reference to a secret, {file: PATH} or {env: VARIABLE}",
        "[hunter2] -> must be one reference to a secret, {file: PATH} or {env: VARIABLE}"
      })
  void aReferenceThatLeadsNowhereIsTold(String secret, String problem) {
    assertThat(problems(TakesShop.class, shop(secret)))
        .containsExactly("config 'plugins.config.shop.api-key' (FILE:3) " + problem);
  }

  @Test
  void aFileWithoutASecretIsTold() throws IOException {
    var key = folder.resolve("key");
    var beginning = "config 'plugins.config.shop.api-key' (FILE:3) refers to the file " + key;
    secret((byte) '\n');
    assertThat(problems(TakesShop.class, shop("{file: " + key + "}")))
        .containsExactly(beginning + ", which is empty; write the secret into it");
    secret((byte) 0xff);
    assertThat(problems(TakesShop.class, shop("{file: " + key + "}")))
        .containsExactly(
            beginning + ", which is no text in UTF-8; encode it, as Base64 for instance");
    var large = new byte[(1 << 16) + 1];
    Arrays.fill(large, (byte) 'a');
    secret(large);
    assertThat(problems(TakesShop.class, shop("{file: " + key + "}")))
        .containsExactly(
            beginning
                + ", which cannot be read (java.io.IOException: it has more than 65,536 bytes); let"
                + " the daemon's user read it");
  }

  @Test
  void noProblemTellsASecret() {
    assertThat(problems(TakesSecret.class, "api-key: {env: SHOP_KEY}"))
        .containsExactly(
            "config 'plugins.config.shop' (FILE:3) is refused: For input string: \"***\"");
    assertThat(problems(TakesSecret.class, "api-key: hunter2").toString())
        .doesNotContain("hunter2");
  }

  // Types.

  @Test
  void typesThatNoConfigurationBecomesAreTold() {
    var thrown =
        catchThrowableOfType(
            UnbindableException.class, () -> ConfigurationBinding.of(TakesUnbindable.class));
    var mend =
        "; use a number, boolean, String, enum, Duration, Instant, LocalDate, UUID, Path, URI,"
            + " Secret, record, Optional, List, Set, or Map with String keys";
    var owner = "ConfigurationBindingTest.Unbindable";
    assertThat(thrown.problems())
        .containsExactly(
            owner + ".thread has type Thread, and no configuration becomes a Thread" + mend,
            owner + ".list has type List<Object>, and no configuration becomes a Object" + mend,
            owner
                + ".map has type Map<Integer, String>, and no configuration becomes a Map<Integer,"
                + " String>"
                + mend,
            owner + ".Self.letter has type char, and no configuration becomes a char" + mend);
  }

  @Test
  void aPluginWithoutARecordIsTold() {
    var thrown =
        catchThrowableOfType(
            UnbindableException.class, () -> ConfigurationBinding.of(TakesAnything.class));
    assertThat(thrown.problems())
        .containsExactly(
            "ConfigurationBindingTest.TakesAnything is a ConfiguredPlugin of C, which is no record"
                + " of its own; name the record of its configuration there");
  }
}
