package dev.genserver.runtime;

import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.RegistrySpec;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.SupervisorSpec;
import dev.genserver.sdk.TreeSpec;

/// What runs each kind of tree.
final class Trees {

  private Trees() {}

  /// @throws IllegalArgumentException if the options lack what the tree needs
  static GenServer<?, ?, ?> server(TreeSpec tree, StartOptions options) {
    return switch (tree) {
      case SupervisorSpec spec -> new SupervisorServer(spec);
      case RegistrySpec spec -> new RegistryServer(spec, options);
    };
  }
}
