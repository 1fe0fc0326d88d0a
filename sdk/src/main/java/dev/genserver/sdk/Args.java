package dev.genserver.sdk;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a server is started with: named values, as a configuration file or code gives them.
/// Immutable.
///
/// A missing value or one of the wrong kind throws [IllegalArgumentException] with the name in its
/// message, which fails the start.
///
/// @param values the values by name: strings, numbers, booleans, lists, maps, or objects of the
///   program's own
public record Args(Map<String, Object> values) {

  private static final Args NONE = new Args(Map.of());

  public Args {
    values = Map.copyOf(values);
  }

  /// No arguments.
  public static Args none() {
    return NONE;
  }

  /// One argument.
  public static Args of(String name, Object value) {
    return new Args(Map.of(name, value));
  }

  /// These arguments and one more, or one changed.
  public Args with(String name, Object value) {
    var next = new HashMap<>(values);
    next.put(name, value);
    return new Args(next);
  }

  /// These arguments and those of `others` whose names are not among them.
  public Args orElse(Args others) {
    var merged = new HashMap<>(others.values);
    merged.putAll(values);
    return new Args(merged);
  }

  /// A whole number, or `fallback` where there is none.
  public long longOr(String name, long fallback) {
    return switch (values.get(name)) {
      case null -> fallback;
      case Long value -> value;
      case Integer value -> value;
      case Object value -> throw wrong(name, value, "a whole number");
    };
  }

  /// A number, or `fallback` where there is none.
  public double doubleOr(String name, double fallback) {
    return switch (values.get(name)) {
      case null -> fallback;
      case Number value -> value.doubleValue();
      case Object value -> throw wrong(name, value, "a number");
    };
  }

  /// A text, or `fallback` where there is none.
  public String stringOr(String name, String fallback) {
    return switch (values.get(name)) {
      case null -> fallback;
      case String value -> value;
      case Object value -> throw wrong(name, value, "a text");
    };
  }

  /// True or false, or `fallback` where there is none.
  public boolean booleanOr(String name, boolean fallback) {
    return switch (values.get(name)) {
      case null -> fallback;
      case Boolean value -> value;
      case Object value -> throw wrong(name, value, "true or false");
    };
  }

  /// A time, or `fallback` where there is none: a [Duration], whole milliseconds, or a text such as
  /// `250ms`, `2s`, `5m`, `1h`.
  public Duration durationOr(String name, Duration fallback) {
    return switch (values.get(name)) {
      case null -> fallback;
      case Duration value -> value;
      case Long millis -> Duration.ofMillis(millis);
      case Integer millis -> Duration.ofMillis(millis);
      case String text ->
          Durations.parse(text).orElseThrow(() -> wrong(name, text, "a time such as 250ms or 2s"));
      case Object value -> throw wrong(name, value, "a time such as 250ms or 2s");
    };
  }

  /// A value that must be there.
  public Object require(String name) {
    var value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("argument '" + name + "' is missing");
    }
    return value;
  }

  /// A value of any kind.
  public Optional<Object> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  private static IllegalArgumentException wrong(
      String name, @Nullable Object value, String wanted) {
    return new IllegalArgumentException(
        "argument '" + name + "' must be " + wanted + ", is " + value);
  }
}
