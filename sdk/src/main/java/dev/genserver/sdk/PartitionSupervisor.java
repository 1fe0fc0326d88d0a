package dev.genserver.sdk;

import java.util.List;

/// A running supervisor of the kind that [PartitionSupervisorSpec] describes; got by
/// [Processes#partitions]. Its methods throw [CallException] if there is none of that name.
///
/// @otp the functions of Elixir's PartitionSupervisor
public interface PartitionSupervisor {

  /// How many partitions there are.
  ///
  /// @otp PartitionSupervisor.partitions/1
  int partitions();

  /// The name of the partition that has `key`; the same as [ServerRef#partition].
  ServerName partition(Object key);

  /// Ends the last partitions, or starts them again, so that there are `partitions`. Keys go to
  /// other partitions then.
  ///
  /// @param partitions from 0 to the number that it was started with
  /// @return how many there were
  /// @throws IllegalArgumentException if there cannot be so many
  /// @throws IllegalStateException if a partition does not start again
  /// @otp PartitionSupervisor.resize!/2
  int resize(int partitions);

  /// The partitions, the last one first; their ids are `0`, `1`, …
  ///
  /// @otp PartitionSupervisor.which_children/1
  List<Supervisor.Child> whichChildren();

  /// How many children there are.
  ///
  /// @otp PartitionSupervisor.count_children/1
  Supervisor.Counts countChildren();
}
