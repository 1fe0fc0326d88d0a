package dev.genserver.sdk;

import java.time.Duration;

/// A supervisor that begins without children and is given them while it runs: as many as one likes,
/// cheaply, in no order. It restarts each by itself and ends all at the same time.
///
/// @param maxChildren how many children it may have; [Integer#MAX_VALUE] for any number
/// @param extraArguments arguments for each server that it starts; where a child's own have the
///   same name, those of the child apply
/// @param intensity how many restarts it allows within `period`, of all its children together
/// @otp Elixir's DynamicSupervisor; OTP's simple_one_for_one
public record DynamicSupervisorSpec(
    int maxChildren, Args extraArguments, int intensity, Duration period) implements TreeSpec {

  public DynamicSupervisorSpec {
    if (maxChildren < 0) {
      throw new IllegalArgumentException("maxChildren " + maxChildren + " must be 0 or more");
    }
    Restarts.check(intensity, period);
  }

  /// Any number of children, no extra arguments, 3 restarts in 5 seconds.
  public static DynamicSupervisorSpec create() {
    return new DynamicSupervisorSpec(
        Integer.MAX_VALUE, Args.none(), Restarts.INTENSITY, Restarts.PERIOD);
  }

  public DynamicSupervisorSpec maxChildren(int maxChildren) {
    return new DynamicSupervisorSpec(maxChildren, extraArguments, intensity, period);
  }

  public DynamicSupervisorSpec extraArguments(Args extraArguments) {
    return new DynamicSupervisorSpec(maxChildren, extraArguments, intensity, period);
  }

  public DynamicSupervisorSpec intensity(int restarts, Duration period) {
    return new DynamicSupervisorSpec(maxChildren, extraArguments, restarts, period);
  }
}
