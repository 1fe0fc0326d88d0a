package dev.genserver.sdk;

import java.time.Duration;

/// A supervisor of several children of one kind, its partitions, among which keys are spread:
/// [ServerRef#partition] leads from a key to the partition that has it. It must be given a name.
///
/// @param child how each partition is started; its id is not used, theirs are `0`, `1`, …
/// @param partitions how many there are; 1 or more
/// @param withArguments gives a partition its arguments
/// @otp Elixir's PartitionSupervisor
public record PartitionSupervisorSpec(
    ChildSpec child,
    int partitions,
    WithArguments withArguments,
    Strategy strategy,
    int intensity,
    Duration period)
    implements TreeSpec {

  /// Makes the arguments of one partition.
  public interface WithArguments {

    /// The arguments of one partition.
    ///
    /// @param args those of the child's own spec
    /// @param partition from 0 on
    Args apply(Args args, int partition);
  }

  public PartitionSupervisorSpec {
    if (partitions < 1) {
      throw new IllegalArgumentException("partitions " + partitions + " must be 1 or more");
    }
    Restarts.check(intensity, period);
  }

  /// A partition for each processor, one_for_one, 3 restarts in 5 seconds.
  public static PartitionSupervisorSpec of(ChildSpec child) {
    return new PartitionSupervisorSpec(
        child,
        Runtime.getRuntime().availableProcessors(),
        (args, _) -> args,
        Strategy.ONE_FOR_ONE,
        Restarts.INTENSITY,
        Restarts.PERIOD);
  }

  public PartitionSupervisorSpec child(ChildSpec child) {
    return new PartitionSupervisorSpec(
        child, partitions, withArguments, strategy, intensity, period);
  }

  public PartitionSupervisorSpec partitions(int partitions) {
    return new PartitionSupervisorSpec(
        child, partitions, withArguments, strategy, intensity, period);
  }

  /// For partitions that are servers: `withArguments((args, partition) -> args.with("partition",
  /// partition))`.
  public PartitionSupervisorSpec withArguments(WithArguments withArguments) {
    return new PartitionSupervisorSpec(
        child, partitions, withArguments, strategy, intensity, period);
  }

  public PartitionSupervisorSpec strategy(Strategy strategy) {
    return new PartitionSupervisorSpec(
        child, partitions, withArguments, strategy, intensity, period);
  }

  public PartitionSupervisorSpec intensity(int restarts, Duration period) {
    return new PartitionSupervisorSpec(
        child, partitions, withArguments, strategy, restarts, period);
  }
}
