package dev.genserver.runtime;

import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.Supervisor;
import java.util.List;
import java.util.Optional;

/// Asks a [SupervisorServer].
record SupervisorHandle(Asking asking) implements Supervisor {

  @Override
  public StartResult startChild(ChildSpec spec) {
    return asking.ask(new SupervisorServer.Request.StartChild(spec), StartResult.class);
  }

  @Override
  public Outcome terminateChild(String id) {
    return asking.ask(new SupervisorServer.Request.TerminateChild(id), Outcome.class);
  }

  @Override
  public StartResult restartChild(String id) {
    return asking.ask(new SupervisorServer.Request.RestartChild(id), StartResult.class);
  }

  @Override
  public Outcome deleteChild(String id) {
    return asking.ask(new SupervisorServer.Request.DeleteChild(id), Outcome.class);
  }

  @Override
  public List<Child> whichChildren() {
    return asking.children(new SupervisorServer.Request.WhichChildren());
  }

  @Override
  public Counts countChildren() {
    return asking.ask(new SupervisorServer.Request.CountChildren(), Counts.class);
  }

  @Override
  public Optional<ChildSpec> getChildspec(String id) {
    return childspec(id);
  }

  @Override
  public Optional<ChildSpec> getChildspec(Pid pid) {
    return childspec(pid);
  }

  private Optional<ChildSpec> childspec(Object key) {
    Optional<?> found = asking.ask(new SupervisorServer.Request.GetChildspec(key), Optional.class);
    return found.map(ChildSpec.class::cast);
  }
}
