package dev.genserver.sdk;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is wrong with child specs, in OTP's words. Code that was compiled without null checks may
/// leave anything out.
final class SpecCheck {

  private SpecCheck() {}

  static Optional<String> problem(List<ChildSpec> specs, AutoShutdown autoShutdown) {
    var ids = new HashSet<String>();
    for (var spec : specs) {
      var problem = problem(spec, autoShutdown);
      if (problem != null) {
        return Optional.of(problem);
      }
      if (!ids.add(spec.id())) {
        return Optional.of(
            "{duplicate_child_name, "
                + spec.id()
                + "}: two children have the id '"
                + spec.id()
                + "'; rename one of them");
      }
    }
    return Optional.empty();
  }

  private static @Nullable String problem(@Nullable ChildSpec spec, AutoShutdown autoShutdown) {
    if (spec == null) {
      return "{invalid_child_spec, null}: a child is null; give it a spec";
    }
    if (isMissing(spec.id())) {
      return "missing_id: a child has no id; give it one";
    }
    var child = "child '" + spec.id() + "' ";
    if (isMissing(spec.start())) {
      return "missing_start: " + child + "does not say how it is started";
    }
    if (isMissing(spec.restart())) {
      return "{invalid_restart_type, null}: " + child + "must be permanent, transient or temporary";
    }
    if (spec.significant() && autoShutdown == AutoShutdown.NEVER) {
      return "{bad_combination, [{auto_shutdown, never}, {significant, true}]}: "
          + child
          + "is significant, but its supervisor never ends by itself; give that another autoShutdown";
    }
    if (spec.significant() && spec.restart() == Restart.PERMANENT) {
      return "{bad_combination, [{restart, permanent}, {significant, true}]}: "
          + child
          + "is significant, but is always restarted; make it transient or temporary";
    }
    if (isMissing(spec.type())) {
      return "{invalid_child_type, null}: " + child + "must be a worker or a supervisor";
    }
    if (isMissing(spec.shutdown())
        || (spec.shutdown() instanceof Shutdown.After(Duration timeout) && timeout.isNegative())) {
      return "{invalid_shutdown, "
          + spec.shutdown()
          + "}: "
          + child
          + "must be given a time of zero or more, infinity or brutal kill";
    }
    return isMissing(spec.backoff())
        ? "{invalid_backoff, null}: " + child + "must have a backoff, or Backoff.NONE"
        : null;
  }

  private static boolean isMissing(@Nullable Object part) {
    return part == null;
  }
}
