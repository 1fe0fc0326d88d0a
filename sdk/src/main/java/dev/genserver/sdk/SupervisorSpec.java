package dev.genserver.sdk;

import java.time.Duration;
import java.util.List;

/// A supervisor: its children in starting order, and how many restarts it allows.
///
/// A child that ends is started again by itself, its siblings go on (one_for_one). More than
/// `intensity` restarts within `period` are too many: the supervisor ends its children and itself.
///
/// @otp supervisor's flags, strategy one_for_one
public record SupervisorSpec(List<ChildSpec> children, int intensity, Duration period)
    implements TreeSpec {

  public SupervisorSpec {
    children = List.copyOf(children);
    if (intensity < 0) {
      throw new IllegalArgumentException("intensity " + intensity + " must be 0 or more");
    }
    if (!period.isPositive()) {
      throw new IllegalArgumentException("period " + period + " must be positive");
    }
  }

  /// At most 3 restarts in 5 seconds, as Elixir has it by default.
  public static SupervisorSpec oneForOne(List<ChildSpec> children) {
    return new SupervisorSpec(children, 3, Duration.ofSeconds(5));
  }

  public SupervisorSpec intensity(int restarts, Duration period) {
    return new SupervisorSpec(children, restarts, period);
  }
}
