package dev.genserver.runtime;

import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.SupervisorSpec;
import dev.genserver.sdk.TreeSpec;

/// What runs each kind of tree.
final class Trees {

  private Trees() {}

  static GenServer<?, ?, ?> server(TreeSpec tree) {
    return switch (tree) {
      case SupervisorSpec spec -> new SupervisorServer(spec);
    };
  }
}
