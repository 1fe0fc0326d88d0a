package dev.genserver.daemon.binding;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Calls of the [Shop], and what is nearly one: a field more or less, a value of another kind.
///
/// Whole numbers are written without a fraction and are never longer than a double can hold: what
/// is beyond that no schema can say.
final class NearMessages {

  private static final List<String> WHOLE =
      List.of(
          "0",
          "1",
          "-1",
          "127",
          "128",
          "-128",
          "-129",
          "32767",
          "32768",
          "-32769",
          "2147483647",
          "2147483648",
          "-2147483649");
  private static final List<String> HUGE =
      List.of(
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "-9223372036854775809",
          "123456789012345678901234567890");
  private static final List<String> FRACTIONS = List.of("1.5", "-0.25", "2.5e-3");
  private static final List<String> BEYOND = List.of("1.5e39", "-4.25e38", "1.5e309");
  private static final List<String> OTHERS =
      List.of(
          "true",
          "false",
          "null",
          "[]",
          "{}",
          "[1]",
          "\"\"",
          "\"get\"",
          "\"x\"",
          "\"😀\"",
          "\"red\"",
          "\"ü\"",
          "{\"type\":\"dot\"}",
          "{\"type\":\"get\"}",
          "{\"name\":\"x\"}");

  private final Random random;

  NearMessages(long seed) {
    this.random = new Random(seed);
  }

  String next() {
    return switch (random.nextInt(14)) {
      case 0 -> oneOf("\"get\"", "\"reset\"", "\"add_many\"", "\"nothing\"", "7", "null", "[]");
      case 1 -> message("get");
      case 2 -> message("add_many", "by", whole(), "note", value("\"x\"", "null"));
      case 3 -> object(tag("add_many"), field("by", whole()));
      case 4 ->
          message(
              "numbers",
              "b",
              value("1", "127"),
              "s",
              value("128", "-32768"),
              "i",
              value("32768"),
              "l",
              value("2147483648"),
              "f",
              random.nextInt(8) == 0 ? oneOf("true", "null", "1.5e39") : oneOf("1", "1.5"),
              "d",
              value("1", "1.5", "1.5e39"),
              "n",
              value(HUGE.get(random.nextInt(HUGE.size()))),
              "m",
              value("0.10", "1.5e309"));
      case 5 ->
          message(
              "boxed",
              "i",
              value("1"),
              "yes",
              value("true", "false"),
              "c",
              value("\"x\"", "\"ü\"", "\"\\n\""));
      case 6 -> message("times", "delay", delay(), "at", instant(), "day", day());
      case 7 ->
          message(
              "texts",
              "text",
              value("\"x\"", "\"\""),
              "id",
              value("\"0e37df36-f698-11e6-8dd4-cb9ced3df976\"", "\"0e37df36\""),
              "pid",
              value("\"<1.42>\"", "\"<1.>\"", "\"1.42\"", "\"<1.42> \""),
              "bytes",
              value("\"AQI=\"", "\"AQI\"", "\"AQ=\"", "\"A\"", "\"A?==\"", "\"\""));
      case 8 ->
          message(
              "many",
              "items",
              list("{\"sku\":\"x\",\"count\":1}", "{\"sku\":\"x\"}"),
              "colors",
              list("\"red\"", "\"RED\"", "\"dark_blue\"", "\"Red\""),
              "counts",
              value("{}", "{\"a\":1}", "{\"a\":null}", "{\"a\":\"1\"}"),
              "codes",
              list("1", "7"));
      case 9 -> message("paint", "color", value("\"red\"", "\"DARK_BLUE\""), "shape", shape());
      case 10 -> message("free", "any", any());
      case 11 -> message("grow", "tree", tree(3));
      case 12 -> message("wrap", "box", value("{\"content\":[]}", "{\"content\":[1,2]}", "{}"));
      default -> message(oneOf("reset", "rest", "add"), "why", value("\"x\""));
    };
  }

  /// Mostly one of `valid`, sometimes anything.
  private String value(String... valid) {
    return random.nextInt(8) == 0 ? any() : oneOf(valid);
  }

  private String any() {
    return switch (random.nextInt(6)) {
      case 0 -> WHOLE.get(random.nextInt(WHOLE.size()));
      case 1 -> FRACTIONS.get(random.nextInt(FRACTIONS.size()));
      default -> OTHERS.get(random.nextInt(OTHERS.size()));
    };
  }

  private String whole() {
    return random.nextInt(4) == 0
        ? oneOf(Stream.concat(HUGE.stream(), FRACTIONS.stream()).toArray(String[]::new))
        : WHOLE.get(random.nextInt(WHOLE.size()));
  }

  private String delay() {
    return value(
        "1500",
        "0.5",
        "-7",
        "\"250ms\"",
        "\"2s\"",
        "\"infinity\"",
        "\"PT2.5S\"",
        "\"soon\"",
        "\"12\"",
        "\"\"");
  }

  private String instant() {
    return value("\"2026-01-31T12:00:00Z\"", "\"2026-02-30T12:00:00Z\"", "\"noon\"");
  }

  private String day() {
    return value("\"2026-01-31\"", "\"2024-02-29\"", "\"2026-02-29\"", "\"31.1.2026\"");
  }

  private String shape() {
    var radius = random.nextInt(4) == 0 ? oneOf(BEYOND.toArray(String[]::new)) : whole(1 << 20);
    return value(
        "\"dot\"",
        "\"circle\"",
        "{\"type\":\"dot\"}",
        "{\"type\":\"dot\",\"radius\":1}",
        "{\"radius\":" + radius + ",\"type\":\"circle\"}",
        "{\"type\":\"circle\",\"radius\":" + radius + "}");
  }

  private String whole(int bound) {
    return String.valueOf(random.nextInt(bound));
  }

  private String list(String... valid) {
    return random.nextInt(8) == 0
        ? any()
        : Stream.generate(() -> value(valid))
            .limit(random.nextInt(4))
            .collect(Collectors.joining(",", "[", "]"));
  }

  private String tree(int depth) {
    if (depth == 0 || random.nextInt(8) == 0) {
      return value("{\"name\":\"leaf\",\"children\":[]}", "{\"name\":\"leaf\"}");
    }
    var children =
        Stream.generate(() -> tree(depth - 1))
            .limit(random.nextInt(3))
            .collect(Collectors.joining(",", "[", "]"));
    return object(field("name", value("\"x\"")), field("children", children));
  }

  /// @param fields names and values, one after the other
  private String message(String type, String... fields) {
    var members = Stream.<String>builder().add(tag(type));
    for (var i = 0; i < fields.length; i += 2) {
      if (random.nextInt(40) > 0) {
        members.add(field(fields[i], fields[i + 1]));
      }
    }
    return object(members.build().toArray(String[]::new));
  }

  /// In any order, sometimes with a member more.
  private String object(String... members) {
    var all = new ArrayList<>(List.of(members));
    if (random.nextInt(12) == 0) {
      all.add(field("extra", any()));
    }
    Collections.shuffle(all, random);
    return all.stream().collect(Collectors.joining(",", "{", "}"));
  }

  private String tag(String type) {
    return field("type", random.nextInt(40) == 0 ? any() : '"' + type + '"');
  }

  private static String field(String name, String value) {
    return '"' + name + "\":" + value;
  }

  private String oneOf(String... values) {
    return values[random.nextInt(values.length)];
  }
}
