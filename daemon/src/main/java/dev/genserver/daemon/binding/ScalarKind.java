package dev.genserver.daemon.binding;

import static java.util.Map.entry;

import dev.genserver.sdk.Pid;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the JSON of a [ScalarReader] is called, and which other scalars take all of it.
///
/// An integer is never rounded, so a `long` is no `double`. A number with a fraction always is, and
/// only an exponent that no [BigDecimal] can hold, as in `1e-9999999999`, is a `double` and no
/// [BigDecimal]; nobody sends that.
record ScalarKind(String words, Set<ValueReader> wider) {

  static final ValueReader STRING = reader(String.class);

  /// A type that is not here is taken by itself alone.
  private static final Map<ValueReader, ScalarKind> KINDS =
      Map.ofEntries(
          kind(
              byte.class,
              "an integer of 8 bits",
              short.class,
              int.class,
              long.class,
              BigInteger.class,
              float.class,
              double.class,
              BigDecimal.class,
              Duration.class),
          kind(
              short.class,
              "an integer of 16 bits",
              int.class,
              long.class,
              BigInteger.class,
              float.class,
              double.class,
              BigDecimal.class,
              Duration.class),
          kind(
              int.class,
              "an integer of 32 bits",
              long.class,
              BigInteger.class,
              double.class,
              BigDecimal.class,
              Duration.class),
          kind(
              long.class,
              "an integer of 64 bits",
              BigInteger.class,
              BigDecimal.class,
              Duration.class),
          kind(BigInteger.class, "an integer of any size", BigDecimal.class),
          kind(float.class, "a number of 32 bits", double.class, BigDecimal.class),
          kind(double.class, "a number of 64 bits", BigDecimal.class),
          kind(BigDecimal.class, "a number of any size"),
          kind(char.class, "a string of one character", String.class),
          kind(byte[].class, "a string in base64", String.class),
          kind(Instant.class, "an instant", String.class),
          kind(LocalDate.class, "a date", String.class),
          kind(UUID.class, "a UUID", String.class),
          kind(Pid.class, "a pid", String.class),
          kind(Duration.class, "a duration"));

  static ScalarKind of(ScalarReader reader) {
    return KINDS.getOrDefault(reader, new ScalarKind("a " + reader.describe(), Set.of()));
  }

  /// Whether `reader` takes all the JSON of this kind.
  boolean isTakenBy(ValueReader reader) {
    return wider.contains(reader);
  }

  private static Entry<ValueReader, ScalarKind> kind(
      Class<?> type, String words, Class<?>... wider) {
    var readers = Stream.of(wider).map(ScalarKind::reader).collect(Collectors.toSet());
    return entry(reader(type), new ScalarKind(words, readers));
  }

  private static ValueReader reader(Class<?> type) {
    return ScalarReader.of(type).orElseThrow();
  }
}
