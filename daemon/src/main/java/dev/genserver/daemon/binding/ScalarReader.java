package dev.genserver.daemon.binding;

import static java.util.Map.entry;

import dev.genserver.sdk.Durations;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Timeouts;
import java.lang.invoke.MethodType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongFunction;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;

/// Reads a single value of a type of the JDK or the SDK.
///
/// @param keywords the JSON Schema of what it takes
record ScalarReader(
    String describe, Map<String, Object> keywords, Function<JsonInput, Object> reading)
    implements ValueReader {

  private static final long EXACT_IN_DOUBLE = 1L << (Double.PRECISION - 1);
  private static final long EXACT_IN_FLOAT = 1L << (Float.PRECISION - 1);

  /// More digits than any number of nanoseconds that fits a [Duration].
  private static final int DURATION_DIGITS = 30;

  private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000);

  /// A schema counts code points: one beyond 16 bits is two characters to Java.
  private static final Map<String, Object> CHARACTER =
      Schema.keywords(
          "type", "string", "minLength", 1, "maxLength", 1, "pattern", "^[\\u0000-\\uFFFF]$");

  /// Padding may be left out.
  private static final String BASE64 =
      "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}(==)?|[A-Za-z0-9+/]{3}=?)?$";

  private static final String PID = "^<[0-9]{1,9}\\.[0-9]{1,18}>$";

  private static final Map<String, Object> DURATION =
      Map.of(
          "anyOf",
          List.of(
              Schema.keywords("type", "number", "description", "milliseconds"),
              Schema.keywords(
                  "type", "string", "pattern", "^([0-9]{1,15}(ms|s|m|h)|infinity|[-+]?P.+)$")));

  private static final Map<Class<?>, ValueReader> BY_TYPE =
      Map.ofEntries(
          entry(byte.class, whole(Byte.MIN_VALUE, Byte.MAX_VALUE, value -> (byte) value)),
          entry(short.class, whole(Short.MIN_VALUE, Short.MAX_VALUE, value -> (short) value)),
          entry(int.class, whole(Integer.MIN_VALUE, Integer.MAX_VALUE, value -> (int) value)),
          entry(long.class, whole(Long.MIN_VALUE, Long.MAX_VALUE, value -> value)),
          entry(BigInteger.class, of("integer", ScalarReader::bigInteger)),
          entry(float.class, number(Float.MAX_VALUE, ScalarReader::floating)),
          entry(double.class, number(Double.MAX_VALUE, ScalarReader::doubleFloating)),
          entry(BigDecimal.class, of("number", ScalarReader::bigDecimal)),
          entry(boolean.class, of("boolean", ScalarReader::truth)),
          entry(char.class, new ScalarReader("string", CHARACTER, ScalarReader::character)),
          entry(String.class, of("string", in -> text(in, "a string"))),
          entry(
              byte[].class,
              text("a string in base64", "pattern", BASE64, Base64.getDecoder()::decode)),
          entry(
              Instant.class,
              text(
                  "an instant such as \"2026-01-31T12:00:00Z\"",
                  "format",
                  "date-time",
                  Instant::parse)),
          entry(
              LocalDate.class,
              text("a date such as \"2026-01-31\"", "format", "date", LocalDate::parse)),
          entry(UUID.class, text("a UUID", "format", "uuid", UUID::fromString)),
          entry(Pid.class, text("a pid such as \"<1.42>\"", "pattern", PID, ScalarReader::pid)),
          entry(
              Duration.class, new ScalarReader("milliseconds", DURATION, ScalarReader::duration)));

  /// The reader of a primitive, boxed or other single-valued type, if it is one.
  static Optional<ValueReader> of(Class<?> type) {
    return Optional.ofNullable(BY_TYPE.get(unboxed(type)));
  }

  @Override
  public Map<String, Object> schema(Schema in) {
    return keywords;
  }

  @Override
  public Object read(JsonInput in) {
    return reading.apply(in);
  }

  /// A reader of all that JSON calls `type`.
  private static ValueReader of(String type, Function<JsonInput, Object> reading) {
    return new ScalarReader(type, Map.of("type", type), reading);
  }

  private static ValueReader number(double max, Function<JsonInput, Object> reading) {
    var keywords = Schema.keywords("type", "number", "minimum", -max, "maximum", max);
    return new ScalarReader("number", keywords, reading);
  }

  private static ValueReader whole(long min, long max, LongFunction<Object> narrow) {
    var wanted = "an integer from " + min + " to " + max;
    return new ScalarReader(
        "integer",
        Schema.keywords("type", "integer", "minimum", min, "maximum", max),
        in -> narrow.apply(wholeNumber(in, min, max, wanted)));
  }

  private static long wholeNumber(JsonInput in, long min, long max, String wanted) {
    var parser = in.parser();
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
        || parser.getNumberType() == NumberType.BIG_INTEGER) {
      throw in.wrong(wanted);
    }
    var value = parser.getLongValue();
    if (value < min || value > max) {
      throw in.wrong(wanted);
    }
    return value;
  }

  private static Object bigInteger(JsonInput in) {
    if (in.parser().currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw in.wrong("an integer");
    }
    return in.parser().getBigIntegerValue();
  }

  private static Object doubleFloating(JsonInput in) {
    requireNumber(in, EXACT_IN_DOUBLE, "a number that fits 64 bits without rounding");
    var value = in.parser().getDoubleValue();
    if (Double.isInfinite(value)) {
      throw in.wrong("a number of at most " + Double.MAX_VALUE);
    }
    return value;
  }

  private static Object floating(JsonInput in) {
    requireNumber(in, EXACT_IN_FLOAT, "a number that fits 32 bits without rounding");
    var value = in.parser().getFloatValue();
    if (Float.isInfinite(value)) {
      throw in.wrong("a number of at most " + Float.MAX_VALUE);
    }
    return value;
  }

  /// Fractions are rounded as always; integers never are.
  private static void requireNumber(JsonInput in, long exact, String wanted) {
    switch (in.parser().currentToken()) {
      case VALUE_NUMBER_FLOAT -> {}
      case VALUE_NUMBER_INT -> wholeNumber(in, -exact, exact, wanted);
      default -> throw in.wrong("a number");
    }
  }

  private static Object bigDecimal(JsonInput in) {
    if (!in.parser().currentToken().isNumeric()) {
      throw in.wrong("a number");
    }
    return in.parser().getDecimalValue();
  }

  private static Object truth(JsonInput in) {
    return switch (in.parser().currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw in.wrong("true or false");
    };
  }

  private static Object character(JsonInput in) {
    var text = text(in, "a string of one character");
    if (text.length() != 1) {
      throw in.wrong("a string of one character");
    }
    return text.charAt(0);
  }

  /// Milliseconds, as everywhere on the wire; or as people write times.
  private static Object duration(JsonInput in) {
    var wanted = "milliseconds, or a time such as \"250ms\", \"2s\" or \"PT2.5S\"";
    return switch (in.parser().currentToken()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          millis(in.parser().getDecimalValue()).orElseThrow(() -> in.wrong(wanted));
      case VALUE_STRING -> parsed(in, wanted, ScalarReader::time);
      default -> throw in.wrong(wanted);
    };
  }

  private static Optional<Duration> millis(BigDecimal millis) {
    if (Math.abs((long) millis.precision() - millis.scale()) > DURATION_DIGITS
        || millis.scale() > DURATION_DIGITS) {
      return Optional.empty();
    }
    var nanos = millis.movePointRight(6).toBigInteger().divideAndRemainder(NANOS_PER_SECOND);
    try {
      return Optional.of(Duration.ofSeconds(nanos[0].longValueExact(), nanos[1].longValue()));
    } catch (ArithmeticException _) {
      return Optional.empty();
    }
  }

  private static Duration time(String text) {
    return text.equals("infinity")
        ? Timeouts.INFINITY
        : Durations.parse(text).orElseGet(() -> Duration.parse(text));
  }

  private static Pid pid(String text) {
    return Pid.parse(text).orElseThrow(() -> new IllegalArgumentException(text));
  }

  private static ValueReader text(
      String wanted, String keyword, String form, Function<String, Object> parse) {
    var keywords = Schema.keywords("type", "string", keyword, form);
    return new ScalarReader("string", keywords, in -> parsed(in, wanted, parse));
  }

  private static Object parsed(JsonInput in, String wanted, Function<String, Object> parse) {
    var text = text(in, wanted);
    try {
      return parse.apply(text);
    } catch (RuntimeException _) {
      throw in.wrong(wanted);
    }
  }

  private static String text(JsonInput in, String wanted) {
    if (in.parser().currentToken() != JsonToken.VALUE_STRING) {
      throw in.wrong(wanted);
    }
    return in.parser().getString();
  }

  private static Class<?> unboxed(Class<?> type) {
    return MethodType.methodType(type).unwrap().returnType();
  }
}
