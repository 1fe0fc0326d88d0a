package dev.genserver.sdk;

import java.time.Duration;
import java.util.List;

/// A supervisor: its children in starting order, whom it restarts, and how many restarts it allows.
///
/// More than `intensity` restarts within `period` are too many: the supervisor ends its children
/// and then itself, as `shutdown`. A restart that is exactly `period` old still counts.
///
/// @otp supervisor:sup_flags(); OTP counts in whole seconds, here any period is kept exactly
public record SupervisorSpec(
    Strategy strategy,
    List<ChildSpec> children,
    int intensity,
    Duration period,
    AutoShutdown autoShutdown)
    implements TreeSpec {

  public SupervisorSpec {
    children = List.copyOf(children);
    Restarts.check(intensity, period);
  }

  /// A supervisor that allows 3 restarts in 5 seconds, as Elixir has it, and does not end with its
  /// children.
  public static SupervisorSpec of(Strategy strategy, List<ChildSpec> children) {
    return new SupervisorSpec(
        strategy, children, Restarts.INTENSITY, Restarts.PERIOD, AutoShutdown.NEVER);
  }

  /// [#of] with [Strategy#ONE_FOR_ONE].
  public static SupervisorSpec oneForOne(List<ChildSpec> children) {
    return of(Strategy.ONE_FOR_ONE, children);
  }

  /// [#of] with [Strategy#ONE_FOR_ALL].
  public static SupervisorSpec oneForAll(List<ChildSpec> children) {
    return of(Strategy.ONE_FOR_ALL, children);
  }

  /// [#of] with [Strategy#REST_FOR_ONE].
  public static SupervisorSpec restForOne(List<ChildSpec> children) {
    return of(Strategy.REST_FOR_ONE, children);
  }

  public SupervisorSpec children(List<ChildSpec> children) {
    return new SupervisorSpec(strategy, children, intensity, period, autoShutdown);
  }

  public SupervisorSpec intensity(int restarts, Duration period) {
    return new SupervisorSpec(strategy, children, restarts, period, autoShutdown);
  }

  public SupervisorSpec autoShutdown(AutoShutdown autoShutdown) {
    return new SupervisorSpec(strategy, children, intensity, period, autoShutdown);
  }
}
