package dev.genserver.examples.counter;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.StreamOptions;
import dev.genserver.sdk.TaskResult;
import java.util.List;

/// Adds up the lengths of texts, which it counts several at once.
final class Total extends GenServer<Integer, List<String>, Void> {

  @Override
  public Init<Integer> init(Args args) {
    return ok(0);
  }

  @Override
  public CallResult<Integer> handleCall(List<String> texts, From from, Integer total) {
    var first = process().async(() -> texts.getFirst().length());
    var last = process().async(() -> texts.getLast().length());
    var both = first.await() + last.await();

    var all =
        process()
            .asyncStream(texts, String::length, StreamOptions.defaults().maxConcurrency(8))
            .mapToInt(result -> result instanceof TaskResult.Ok<Integer>(Integer n) ? n : 0)
            .sum();
    return reply(List.of(both, all), total + all);
  }
}
