package dev.genserver.runtime;

import org.jspecify.annotations.Nullable;

/// A trace that nobody records here.
///
/// ```
/// 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
/// version · trace id · parent id · flags
/// ```
record Traceparent(String current) implements TraceContext {

  private static final int TRACE_ID = 3;
  private static final int PARENT_ID = 36;
  private static final int FLAGS = 53;
  private static final int LENGTH = 55;

  /// The text as version 00 has it.
  ///
  /// @return null if it is not valid. Of a later version what is known of it counts, as W3C asks
  static @Nullable String read(@Nullable String text) {
    if (text == null || text.length() < LENGTH || !isValid(text)) {
      return null;
    }
    var isOfNow = text.startsWith("00");
    if (text.length() == LENGTH) {
      return isOfNow ? text : "00" + text.substring(2);
    }
    return isOfNow || text.charAt(LENGTH) != '-' ? null : "00" + text.substring(2, LENGTH);
  }

  private static boolean isValid(String text) {
    return isHex(text, 0, 2)
        && !text.startsWith("ff")
        && text.charAt(TRACE_ID - 1) == '-'
        && isId(text, TRACE_ID, PARENT_ID - 1)
        && text.charAt(PARENT_ID - 1) == '-'
        && isId(text, PARENT_ID, FLAGS - 1)
        && text.charAt(FLAGS - 1) == '-'
        && isHex(text, FLAGS, LENGTH);
  }

  private static boolean isId(String text, int from, int to) {
    return isHex(text, from, to)
        && text.chars().skip(from).limit(to - from).anyMatch(c -> c != '0');
  }

  private static boolean isHex(String text, int from, int to) {
    for (var i = from; i < to; i++) {
      var c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  static String traceId(String traceparent) {
    return traceparent.substring(TRACE_ID, PARENT_ID - 1);
  }

  /// Nobody adds anything to it.
  @Override
  public String received() {
    return current;
  }
}
