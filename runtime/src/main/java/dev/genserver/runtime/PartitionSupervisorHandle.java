package dev.genserver.runtime;

import dev.genserver.sdk.CallException;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.PartitionSupervisor;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.Supervisor;
import dev.genserver.sdk.Timeouts;
import java.util.List;

/// Asks a [PartitionSupervisorServer], and looks into its partitions.
record PartitionSupervisorHandle(Node node, Asking asking, ServerName name)
    implements PartitionSupervisor {

  @Override
  public int partitions() {
    return found("partitions").count();
  }

  @Override
  public ServerName partition(Object key) {
    return ServerRef.partition(name, key);
  }

  @Override
  public int resize(int wanted) {
    var max = found("resize").max();
    if (wanted < 0 || wanted > max) {
      throw new IllegalArgumentException(
          name + " cannot have " + wanted + " partitions; it can have 0 to " + max);
    }
    var result = asking.ask(new SupervisorServer.Request.Resize(wanted), Object.class);
    if (result instanceof Integer before) {
      return before;
    }
    throw new IllegalStateException(
        "not all of the %d partitions of %s have started: %s"
            .formatted(wanted, name, Supervision.failure((StartResult) result)));
  }

  @Override
  public List<Supervisor.Child> whichChildren() {
    return asking.children(new SupervisorServer.Request.WhichChildren());
  }

  @Override
  public Supervisor.Counts countChildren() {
    return asking.ask(new SupervisorServer.Request.CountChildren(), Supervisor.Counts.class);
  }

  private Partitions found(String request) {
    var partitions = node.table.partitions(name);
    if (partitions == null) {
      throw new CallException(ExitReason.NOPROC, name, request, Timeouts.INFINITY);
    }
    return partitions;
  }
}
