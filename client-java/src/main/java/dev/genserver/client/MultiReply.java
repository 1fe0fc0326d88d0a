package dev.genserver.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What came of a call to several daemons; each is in one of the two maps, in the order in which
/// they were given.
///
/// @param replies what the process of each daemon replied, by the daemon's address
/// @param failures why the others gave no reply
/// @otp the pair that gen_server:multi_call/4 returns
public record MultiReply<R>(
    Map<String, @Nullable R> replies, Map<String, GenServerException> failures) {

  public MultiReply {
    // Not Map.copyOf: a reply may be null, and the order counts.
    replies = Collections.unmodifiableMap(new LinkedHashMap<>(replies));
    failures = Collections.unmodifiableMap(new LinkedHashMap<>(failures));
  }

  /// The daemons that gave no reply: not reached, without such a process, or too slow.
  public List<String> badNodes() {
    return List.copyOf(failures.keySet());
  }
}
