package dev.genserver.runtime;

import dev.genserver.sdk.Processes;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.Supervisor;
import dev.genserver.sdk.Timeouts;
import java.util.List;
import java.util.stream.Stream;

/// How handles ask a supervisor.
///
/// @param kind the class that the server must have to understand
record Asking(Node node, Processes processes, ServerRef server, Class<?> kind) {

  <R> R ask(AnySupervisor.Request request, Class<R> replyType) {
    check(request);
    return processes.call(server, request, replyType, Timeouts.INFINITY);
  }

  List<Supervisor.Child> children(AnySupervisor.Request request) {
    return Stream.of(ask(request, List.class).toArray()).map(Supervisor.Child.class::cast).toList();
  }

  private void check(AnySupervisor.Request request) {
    var target = node.table.find(server);
    if (target == null) {
      return; // the call will tell
    }
    if (!(target instanceof ServerProcess process
        && kind.isAssignableFrom(process.serverClass()))) {
      throw new IllegalArgumentException(
          server + " is no supervisor of this kind; ask the one that is with its own handle");
    }
    if (request instanceof AnySupervisor.Change && processes instanceof Context context) {
      context.checkMayHarm(target);
    }
  }
}
