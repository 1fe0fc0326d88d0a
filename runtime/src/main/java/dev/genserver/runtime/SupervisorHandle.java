package dev.genserver.runtime;

import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.Processes;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.Supervisor;
import dev.genserver.sdk.Timeouts;
import java.util.List;
import java.util.stream.Stream;

/// Asks a [SupervisorServer].
record SupervisorHandle(Processes processes, ServerRef server) implements Supervisor {

  @Override
  public StartResult startChild(ChildSpec spec) {
    return ask(new SupervisorServer.Request.StartChild(spec), StartResult.class);
  }

  @Override
  public List<Child> whichChildren() {
    var children = ask(new SupervisorServer.Request.WhichChildren(), List.class);
    return Stream.of(children.toArray()).map(Child.class::cast).toList();
  }

  private <R> R ask(SupervisorServer.Request request, Class<R> replyType) {
    return processes.call(server, request, replyType, Timeouts.INFINITY);
  }
}
