package dev.genserver.daemon.admin;

import dev.genserver.runtime.Crash;
import dev.genserver.runtime.Node;
import dev.genserver.runtime.ProcessInfo;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.ServerRef;
import java.util.Optional;

/// Whom an operator means by a name, or by the text of a pid.
///
/// @param root the daemon's own supervisor
record Directory(Node node, Pid root) {

  /// What the names of the daemon's own processes begin with.
  static final String RESERVED = "sys.";

  /// The living process that is meant.
  Optional<Pid> lookUp(String process) {
    try {
      return process.startsWith("<")
          ? Pid.parse(process).filter(node::isAlive)
          : node.whereis(ServerRef.named(process));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // what can be no name is nobody's
    }
  }

  /// The same, where it must be there.
  Pid find(String process) {
    return lookUp(process).orElseThrow(() -> Refusal.noProcess(process, node.names()));
  }

  /// How the last process of that name or pid crashed, if it did lately.
  Optional<Crash> lastCrash(String process) {
    try {
      return process.startsWith("<")
          ? Pid.parse(process).flatMap(node::lastCrash)
          : node.lastCrash(ServerRef.named(process));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// The process, unless the daemon cannot do without it.
  String hosted(String process) {
    var found = lookUp(process);
    var name = found.flatMap(node::inspect).flatMap(ProcessInfo::name);
    if (found.equals(Optional.of(root))
        || process.startsWith(RESERVED)
        || name.filter(Directory::isReserved).isPresent()) {
      throw Refusal.forbidden(process);
    }
    return process;
  }

  private static boolean isReserved(ServerName name) {
    return name instanceof ServerName.Local(String local) && local.startsWith(RESERVED);
  }
}
