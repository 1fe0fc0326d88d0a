package dev.genserver.sdk;

import java.time.Duration;

/// A supervisor of tasks, which are started through its handle, a [TaskSupervisor]. It ends them
/// all at the same time when it ends.
///
/// A [DynamicSupervisor] for tasks: what that can do by its own handle, it can do too.
///
/// ```java
/// ChildSpec.supervisor("mails", TaskSupervisorSpec.create(), StartOptions.named("mails"))
/// ```
///
/// @param maxChildren how many tasks may run at once; [Integer#MAX_VALUE] for any number
/// @param intensity how many restarts it allows within `period`, of tasks that are restarted at all
/// @otp Task.Supervisor.start_link/1
public record TaskSupervisorSpec(int maxChildren, int intensity, Duration period)
    implements TreeSpec {

  public TaskSupervisorSpec {
    var _ = children(maxChildren, intensity, period);
  }

  /// Any number of tasks, 3 restarts in 5 seconds.
  public static TaskSupervisorSpec create() {
    var defaults = DynamicSupervisorSpec.create();
    return new TaskSupervisorSpec(defaults.maxChildren(), defaults.intensity(), defaults.period());
  }

  public TaskSupervisorSpec maxChildren(int maxChildren) {
    return new TaskSupervisorSpec(maxChildren, intensity, period);
  }

  public TaskSupervisorSpec intensity(int restarts, Duration period) {
    return new TaskSupervisorSpec(maxChildren, restarts, period);
  }

  /// The dynamic supervisor that it is.
  public DynamicSupervisorSpec children() {
    return children(maxChildren, intensity, period);
  }

  private static DynamicSupervisorSpec children(int maxChildren, int intensity, Duration period) {
    return DynamicSupervisorSpec.create().maxChildren(maxChildren).intensity(intensity, period);
  }
}
