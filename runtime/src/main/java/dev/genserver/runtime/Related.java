package dev.genserver.runtime;

import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerRef;
import java.util.List;

/// With whom a process has to do, seen without asking it: the first of each kind.
///
/// [ProcessInfo] has the numbers of all. Whoever watches from outside the node, or is a task that
/// waits for the end, is counted there and not named here.
///
/// @param links with whom it is linked, in the order in which the links were made
/// @param monitoring whom it monitors
/// @param monitoredBy the processes that monitor it
/// @param owed the calls that it has taken and is to answer later, the oldest first
/// @param owedInAll how many of these there are
public record Related(
    List<Peer> links,
    List<Peer> monitoring,
    List<Peer> monitoredBy,
    List<Why.Waiting> owed,
    int owedInAll) {

  /// Another process.
  ///
  /// @param process its name, or its pid if it has none
  public record Peer(Pid pid, ServerRef process) {

    static Peer of(LocalProcess process) {
      return new Peer(process.pid(), process.ref());
    }
  }
}
