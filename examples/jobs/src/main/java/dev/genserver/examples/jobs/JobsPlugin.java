package dev.genserver.examples.jobs;

import dev.genserver.sdk.Behaviour;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.Plugin;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.SupervisorSpec;
import dev.genserver.sdk.TaskSupervisorSpec;
import java.util.List;

/// Offers the behaviour `jobs` and runs one process of it, also named `jobs`.
public final class JobsPlugin implements Plugin {

  @Override
  public List<Behaviour<?>> behaviours() {
    return List.of(Behaviour.of("jobs", Jobs.class, Jobs::new));
  }

  /// One for all: a queue that has forgotten its jobs must not leave them running, and tasks that
  /// have all ended have a queue that waits for them in vain.
  @Override
  public List<ChildSpec> children() {
    return List.of(
        ChildSpec.supervisor(
            "jobs-and-tasks",
            SupervisorSpec.oneForAll(
                List.of(
                    ChildSpec.supervisor(
                        Jobs.TASKS, TaskSupervisorSpec.create(), StartOptions.named(Jobs.TASKS)),
                    ChildSpec.named("jobs", Jobs::new)))));
  }
}
