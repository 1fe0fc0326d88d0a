package dev.genserver.daemon.binding;

import static java.util.Map.entry;

import dev.genserver.daemon.text.YamlNode.Scalar;
import dev.genserver.sdk.Durations;
import java.lang.invoke.MethodType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads one value of a configuration, as people write it.
///
/// @param wanted what it takes: `a whole number from 0 to 9`
/// @param reading gives null, or throws, for what it does not take
record SettingReader(String wanted, Function<Scalar, @Nullable Object> reading) {

  private static final Map<Class<?>, SettingReader> BY_TYPE =
      Map.ofEntries(
          entry(byte.class, whole(Byte.MIN_VALUE, Byte.MAX_VALUE, BigInteger::byteValueExact)),
          entry(short.class, whole(Short.MIN_VALUE, Short.MAX_VALUE, BigInteger::shortValueExact)),
          entry(int.class, whole(Integer.MIN_VALUE, Integer.MAX_VALUE, BigInteger::intValueExact)),
          entry(long.class, whole(Long.MIN_VALUE, Long.MAX_VALUE, BigInteger::longValueExact)),
          entry(BigInteger.class, new SettingReader("a whole number", SettingReader::integer)),
          entry(float.class, new SettingReader("a number", in -> finite(decimal(in).floatValue()))),
          entry(
              double.class, new SettingReader("a number", in -> finite(decimal(in).doubleValue()))),
          entry(BigDecimal.class, new SettingReader("a number", SettingReader::decimal)),
          entry(boolean.class, new SettingReader("true or false", SettingReader::truth)),
          entry(String.class, text("a text", text -> text)),
          entry(
              Duration.class,
              text(
                  "a time such as 250ms, 5s, 10m or 1h",
                  text -> Durations.parse(text).orElseThrow())),
          entry(Instant.class, text("an instant such as 2026-01-31T12:00:00Z", Instant::parse)),
          entry(LocalDate.class, text("a date such as 2026-01-31", LocalDate::parse)),
          entry(UUID.class, text("a UUID", UUID::fromString)),
          entry(Path.class, text("a path", Path::of)),
          entry(URI.class, text("a URI", URI::create)));

  /// The reader of a type that has a single value, if it is one.
  static Optional<SettingReader> of(Class<?> type) {
    return type.isEnum()
        ? Optional.of(constant(type))
        : Optional.ofNullable(BY_TYPE.get(MethodType.methodType(type).unwrap().returnType()));
  }

  /// The value; empty if it is not what is wanted.
  Optional<Object> read(Scalar scalar) {
    try {
      return Optional.ofNullable(reading.apply(scalar));
    } catch (RuntimeException _) {
      return Optional.empty();
    }
  }

  private static SettingReader text(String wanted, Function<String, Object> parse) {
    return new SettingReader(wanted, in -> parse.apply(in.text()));
  }

  private static SettingReader whole(long min, long max, Function<BigInteger, Object> narrow) {
    return new SettingReader(
        "a whole number from " + min + " to " + max, in -> narrow.apply(integer(in)));
  }

  private static BigInteger integer(Scalar in) {
    return new BigInteger(digits(in));
  }

  private static BigDecimal decimal(Scalar in) {
    return new BigDecimal(digits(in));
  }

  /// A number as Java reads it; digits may be grouped as in `10_000`.
  private static String digits(Scalar in) {
    return in.text().replace("_", "");
  }

  private static Object finite(double value) {
    if (Double.isInfinite(value)) {
      throw new ArithmeticException();
    }
    return value;
  }

  private static Object finite(float value) {
    if (Float.isInfinite(value)) {
      throw new ArithmeticException();
    }
    return value;
  }

  private static @Nullable Object truth(Scalar in) {
    return switch (in.text()) {
      case "true" -> true;
      case "false" -> false;
      default -> null;
    };
  }

  private static SettingReader constant(Class<?> type) {
    var constants = new LinkedHashMap<String, Object>();
    for (var each : type.getEnumConstants()) {
      constants.put(((Enum<?>) each).name().toLowerCase(Locale.ROOT).replace('_', '-'), each);
    }
    var wanted = "one of " + String.join(", ", constants.keySet());
    return new SettingReader(wanted, in -> constants.get(in.text()));
  }
}
