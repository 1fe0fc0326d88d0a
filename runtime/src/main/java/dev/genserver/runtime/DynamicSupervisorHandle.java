package dev.genserver.runtime;

import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.DynamicSupervisor;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.Supervisor;
import java.util.List;

/// Asks a [DynamicSupervisorServer].
record DynamicSupervisorHandle(Asking asking) implements DynamicSupervisor {

  @Override
  public StartResult startChild(ChildSpec spec) {
    return asking.ask(new DynamicSupervisorServer.Request.StartChild(spec), StartResult.class);
  }

  @Override
  public Supervisor.Outcome terminateChild(Pid pid) {
    return asking.ask(
        new DynamicSupervisorServer.Request.TerminateChild(pid), Supervisor.Outcome.class);
  }

  @Override
  public List<Supervisor.Child> whichChildren() {
    return asking.children(new DynamicSupervisorServer.Request.WhichChildren());
  }

  @Override
  public Supervisor.Counts countChildren() {
    return asking.ask(new DynamicSupervisorServer.Request.CountChildren(), Supervisor.Counts.class);
  }
}
