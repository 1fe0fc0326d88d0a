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
/// @param cpuBound whether its callbacks compute for long, see [#cpuBound(boolean)]
/// @otp gen_server:start_opt()
public record StartOptions(
    Args args, Optional<ServerName> name, Duration timeout, int maxQueue, boolean cpuBound) {

  /// The bound of a mailbox where none is said.
  public static final int DEFAULT_MAX_QUEUE = 10_000;

  public StartOptions {
    if (maxQueue < 1) {
      throw new IllegalArgumentException("maxQueue " + maxQueue + " must be at least 1");
    }
  }

  /// No arguments, no name, no time limit.
  public static StartOptions none() {
    return new StartOptions(
        Args.none(), Optional.empty(), Timeouts.INFINITY, DEFAULT_MAX_QUEUE, false);
  }

  /// [#none] with a name; see [ServerName.Local].
  public static StartOptions named(String name) {
    return none().name(ServerRef.named(name));
  }

  public StartOptions args(Args args) {
    return new StartOptions(args, name, timeout, maxQueue, cpuBound);
  }

  public StartOptions name(ServerName name) {
    return new StartOptions(args, Optional.of(name), timeout, maxQueue, cpuBound);
  }

  public StartOptions timeout(Duration timeout) {
    return new StartOptions(args, name, timeout, maxQueue, cpuBound);
  }

  public StartOptions maxQueue(int maxQueue) {
    return new StartOptions(args, name, timeout, maxQueue, cpuBound);
  }

  /// Whether the callbacks compute for long, for a millisecond and more.
  ///
  /// They then run on threads of the operating system, which preempts them, and so keep no other
  /// process from its turn, however many compute at once; on Linux they give way to all others, and
  /// get a tenth of the time that these get where all processors are taken. All others share some
  /// few threads, of which one that computes takes one away.
  ///
  /// The price is a thread that is started whenever the process gets something to do after a time
  /// without, in some 100 µs, and its stack's memory meanwhile. So it is not for a process with
  /// many short callbacks, nor for one that only waits. At most 256 of a node's have such a thread
  /// at a time; further ones run as any other process.
  ///
  /// @otp not in OTP, whose schedulers preempt all Erlang code; for native code that computes it
  ///   has dirty CPU schedulers
  public StartOptions cpuBound(boolean cpuBound) {
    return new StartOptions(args, name, timeout, maxQueue, cpuBound);
  }
}
