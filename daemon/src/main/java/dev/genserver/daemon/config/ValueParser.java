package dev.genserver.daemon.config;

import dev.genserver.daemon.log.LogSettings;
import dev.genserver.sdk.Durations;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Turns the text of a setting into its value.
interface ValueParser<T> {

  /// Reads the text.
  ///
  /// @throws IllegalArgumentException that says what the text must be: `must be …`
  T parse(String text);

  /// A whole number; digits may be grouped as in `10_000`.
  static ValueParser<Integer> whole(int min, int max) {
    return text -> {
      var digits = text.replace("_", "");
      var value = digits.matches("\\d{1,10}") ? Long.parseLong(digits) : -1;
      if (value < min || value > max) {
        throw new IllegalArgumentException("must be a whole number from " + min + " to " + max);
      }
      return (int) value;
    };
  }

  /// A time such as `250ms`, `5s`, `10m`, `1h`; the bounds are written so too.
  static ValueParser<Duration> time(String min, String max) {
    var shortest = Durations.parse(min).orElseThrow();
    var longest = Durations.parse(max).orElseThrow();
    return text ->
        Durations.parse(text)
            .filter(time -> time.compareTo(shortest) >= 0 && time.compareTo(longest) <= 0)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "must be a time from %s to %s, such as 250ms, 5s, 10m or 1h"
                        .formatted(min, max)));
  }

  /// A share, such as `0.25`.
  static ValueParser<Double> share() {
    return text -> {
      if (!text.matches("0(\\.\\d{1,9})?|1(\\.0{1,9})?")) {
        throw new IllegalArgumentException("must be a number from 0 to 1, such as 0.25");
      }
      return Double.parseDouble(text);
    };
  }

  /// A name on one line.
  static ValueParser<String> name() {
    return text -> {
      if (!text.matches("\\S(.{0,253}\\S)?")) {
        throw new IllegalArgumentException("must be a name of at most 255 characters");
      }
      return text;
    };
  }

  static ValueParser<Boolean> truth() {
    return text ->
        switch (text) {
          case "true" -> true;
          case "false" -> false;
          default -> throw new IllegalArgumentException("must be true or false");
        };
  }

  /// A constant, written in lower case with dashes.
  static <E extends Enum<E>> ValueParser<E> constant(Class<E> type) {
    return text ->
        Stream.of(type.getEnumConstants())
            .filter(constant -> written(constant).equals(text))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("must be " + choices(type)));
  }

  /// Values by the names of loggers, such as `io.netty=warn, com.acme=debug`.
  static <T> ValueParser<Map<String, T>> each(ValueParser<T> values) {
    return text -> {
      var parsed = new LinkedHashMap<String, T>();
      for (var each : text.isBlank() ? new String[0] : text.strip().split("[,\\s]+")) {
        var parts = each.split("=", 2);
        if (parts.length < 2 || !LogSettings.isLogger(parts[0])) {
          throw new IllegalArgumentException(
              "must be loggers with their levels, such as 'io.netty=warn, com.acme=debug'");
        }
        parsed.put(parts[0], values.parse(parts[1]));
      }
      return parsed;
    };
  }

  private static <E extends Enum<E>> String choices(Class<E> type) {
    var choices = Stream.of(type.getEnumConstants()).map(ValueParser::written).toList();
    return String.join(", ", choices.subList(0, choices.size() - 1)) + " or " + choices.getLast();
  }

  /// A constant as it is written in the file.
  static String written(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
