package dev.genserver.daemon.http;

import dev.genserver.protocol.BadRequestException;
import dev.genserver.protocol.ClientMessage;
import dev.genserver.sdk.Durations;
import java.time.Duration;
import java.util.regex.Pattern;

/// How long a call may take, as its query says: `timeout=5s`, `timeout=250` (milliseconds), or
/// `timeout=infinity`.
final class TimeLimit {

  private static final String NAME = "timeout=";
  private static final Pattern MILLIS = Pattern.compile("\\d+");
  private static final int LONGEST_EXACT = 18;

  private TimeLimit() {}

  /// The time limit in nanoseconds; `Long.MAX_VALUE` for none.
  ///
  /// @throws BadRequestException if the query is something else, or the limit is not allowed
  static long nanos(String query, CallLimits limits) {
    if (query.isEmpty()) {
      return cut(Duration.ofMillis(ClientMessage.DEFAULT_TIMEOUT_MS), limits);
    }
    if (!query.startsWith(NAME)) {
      throw Message.bad("the query can be a timeout, such as '?timeout=5s', and nothing else");
    }
    var text = query.substring(NAME.length());
    if (text.equals("infinity")) {
      if (limits.allowInfinity()) {
        return Long.MAX_VALUE;
      }
      throw Message.bad(
          "the timeout 'infinity' is not allowed here; say a time of at most %s, or set call.allow-infinity"
              .formatted(Durations.format(limits.maxTimeout())));
    }
    if (MILLIS.matcher(text).matches()) {
      return text.length() > LONGEST_EXACT
          ? limits.maxTimeout().toNanos()
          : cut(Duration.ofMillis(Long.parseLong(text)), limits);
    }
    return Durations.parse(text)
        .map(time -> cut(time, limits))
        .orElseThrow(() ->
            Message.bad(
                "the timeout must be a time such as 250ms, 5s or 2m, or a number of milliseconds"));
  }

  private static long cut(Duration time, CallLimits limits) {
    return (time.compareTo(limits.maxTimeout()) < 0 ? time : limits.maxTimeout()).toNanos();
  }
}
