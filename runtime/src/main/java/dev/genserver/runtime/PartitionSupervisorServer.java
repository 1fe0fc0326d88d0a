package dev.genserver.runtime;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.AutoShutdown;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.From;
import dev.genserver.sdk.PartitionSupervisorSpec;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.SupervisorSpec;
import java.util.stream.IntStream;

/// A supervisor of partitions, which notes each one that it starts where keys are looked up.
///
/// @otp Elixir's PartitionSupervisor
final class PartitionSupervisorServer extends SupervisorServer {

  private final Partitions partitions;

  PartitionSupervisorServer(PartitionSupervisorSpec spec) {
    this(spec, new Partitions(spec.partitions()));
  }

  private PartitionSupervisorServer(PartitionSupervisorSpec spec, Partitions partitions) {
    super(supervisor(spec, partitions));
    this.partitions = partitions;
  }

  private static SupervisorSpec supervisor(PartitionSupervisorSpec spec, Partitions partitions) {
    return new SupervisorSpec(
        spec.strategy(),
        IntStream.range(0, spec.partitions())
            .mapToObj(partition -> child(spec, partition, partitions))
            .toList(),
        spec.intensity(),
        spec.period(),
        AutoShutdown.NEVER);
  }

  /// What it would supervise by that spec, with the partitions that it has.
  SupervisorSpec following(PartitionSupervisorSpec next) {
    return supervisor(next.partitions(partitions.max()), partitions);
  }

  private static ChildSpec child(
      PartitionSupervisorSpec spec, int partition, Partitions partitions) {
    var own = withArguments(spec, partition);
    return own.id(String.valueOf(partition))
        .start(new ChildSpec.Start.Function(() -> start(own, partition, partitions)));
  }

  private static ChildSpec withArguments(PartitionSupervisorSpec spec, int partition) {
    return switch (spec.child().start()) {
      case ChildSpec.Start.Server(var factory, var options) ->
          spec.child()
              .start(
                  new ChildSpec.Start.Server(
                      factory,
                      options.args(spec.withArguments().apply(options.args(), partition))));
      case ChildSpec.Start.Tree _, ChildSpec.Start.Function _ -> spec.child();
    };
  }

  private static StartResult start(ChildSpec child, int partition, Partitions partitions) {
    var result = Supervision.start(child, Args.none());
    if (result instanceof StartResult.Ok(Pid pid, _)) {
      partitions.set(partition, node().table.find(pid));
    }
    return result;
  }

  /// Where keys are looked up.
  Partitions partitions() {
    return partitions;
  }

  @Override
  CallResult<Children> resize(int wanted, From from, Children children) {
    var before = partitions.count();
    if (wanted > before) {
      for (var partition = before; partition < wanted; partition++) {
        var result = restartChild(String.valueOf(partition), children);
        if (!(result instanceof StartResult.Ok)) {
          return reply(result, children);
        }
        partitions.resize(partition + 1);
      }
    } else {
      partitions.resize(wanted);
      for (var partition = wanted; partition < before; partition++) {
        terminateChild(String.valueOf(partition), children);
      }
    }
    return reply(before, children);
  }
}
