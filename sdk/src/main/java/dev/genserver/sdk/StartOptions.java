package dev.genserver.sdk;

import java.time.Duration;
import java.util.Optional;

/// How a server process is started.
///
/// @param args what its `init` gets
/// @param name what it is registered under before `init` runs
/// @param timeout how long `init` may take; then the process is killed and the start fails
/// @param maxQueue how many messages may wait in its mailbox before requests from outside the node
///   are refused or slowed; local messages are never refused
/// @otp gen_server:start_opt()
public record StartOptions(Args args, Optional<ServerName> name, Duration timeout, int maxQueue) {

  /// The bound of a mailbox where none is said.
  public static final int DEFAULT_MAX_QUEUE = 10_000;

  public StartOptions {
    if (maxQueue < 1) {
      throw new IllegalArgumentException("maxQueue " + maxQueue + " must be at least 1");
    }
  }

  /// No arguments, no name, no time limit.
  public static StartOptions none() {
    return new StartOptions(Args.none(), Optional.empty(), Timeouts.INFINITY, DEFAULT_MAX_QUEUE);
  }

  /// [#none] with a name; see [ServerName.Local].
  public static StartOptions named(String name) {
    return none().name(ServerRef.named(name));
  }

  public StartOptions args(Args args) {
    return new StartOptions(args, name, timeout, maxQueue);
  }

  public StartOptions name(ServerName name) {
    return new StartOptions(args, Optional.of(name), timeout, maxQueue);
  }

  public StartOptions timeout(Duration timeout) {
    return new StartOptions(args, name, timeout, maxQueue);
  }

  public StartOptions maxQueue(int maxQueue) {
    return new StartOptions(args, name, timeout, maxQueue);
  }
}
