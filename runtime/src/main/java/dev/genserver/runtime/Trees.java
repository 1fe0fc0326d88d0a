package dev.genserver.runtime;

import dev.genserver.sdk.DynamicSupervisor;
import dev.genserver.sdk.DynamicSupervisorSpec;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.PartitionSupervisor;
import dev.genserver.sdk.PartitionSupervisorSpec;
import dev.genserver.sdk.Processes;
import dev.genserver.sdk.RegistrySpec;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.Supervisor;
import dev.genserver.sdk.SupervisorSpec;
import dev.genserver.sdk.TaskSupervisor;
import dev.genserver.sdk.TaskSupervisorSpec;
import dev.genserver.sdk.TreeSpec;

/// What runs each kind of tree, and the handles on it.
final class Trees {

  private Trees() {}

  /// @throws IllegalArgumentException if the options lack what the tree needs
  static GenServer<?, ?, ?> server(TreeSpec tree, StartOptions options) {
    return switch (tree) {
      case SupervisorSpec spec -> new SupervisorServer(spec);
      case DynamicSupervisorSpec spec -> new DynamicSupervisorServer(spec);
      case TaskSupervisorSpec spec -> new DynamicSupervisorServer(spec.children());
      case PartitionSupervisorSpec spec -> {
        if (options.name().isEmpty()) {
          throw new IllegalArgumentException(
              "a partition supervisor needs a name, by which its partitions are found; start it with"
                  + " StartOptions.named");
        }
        yield new PartitionSupervisorServer(spec);
      }
      case RegistrySpec spec -> new RegistryServer(spec, options);
    };
  }

  static Supervisor supervisor(Node node, Processes caller, ServerRef server) {
    return new SupervisorHandle(new Asking(node, caller, server, SupervisorServer.class));
  }

  static DynamicSupervisor dynamicSupervisor(Node node, Processes caller, ServerRef server) {
    return new DynamicSupervisorHandle(
        new Asking(node, caller, server, DynamicSupervisorServer.class));
  }

  static TaskSupervisor taskSupervisor(Node node, Processes caller, ServerRef server) {
    return new TaskSupervisorHandle(
        dynamicSupervisor(node, caller, server),
        caller instanceof Context context ? context.process() : null);
  }

  static PartitionSupervisor partitions(Node node, Processes caller, ServerName name) {
    return new PartitionSupervisorHandle(
        node, new Asking(node, caller, name, PartitionSupervisorServer.class), name);
  }
}
