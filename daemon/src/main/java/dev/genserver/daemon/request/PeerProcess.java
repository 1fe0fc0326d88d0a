package dev.genserver.daemon.request;

import dev.genserver.runtime.Node;
import dev.genserver.runtime.Port;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Pid;
import org.jspecify.annotations.Nullable;

/// The process that stands for somebody outside who has sent requests, and ends with what they came
/// over. Made when it is first asked for: most need none. Thread-safe.
public final class PeerProcess {

  private final Port.Owner owner;
  private final Node node;
  private @Nullable Port port;
  private @Nullable ExitReason end;

  /// One that is not made yet.
  ///
  /// @param owner is told what the process is told
  public PeerProcess(Port.Owner owner, Node node) {
    this.owner = owner;
    this.node = node;
  }

  /// The process. If it was to end already, it is one that has ended: whoever monitors it is told
  /// so at once.
  public Port port() {
    Port opened;
    ExitReason reason;
    synchronized (this) {
      if (port == null) {
        port = node.openPort(owner);
      }
      opened = port;
      reason = end;
    }
    if (reason != null) {
      opened.close(reason);
    }
    return opened;
  }

  /// Whether it is there and has that pid.
  public synchronized boolean is(Pid pid) {
    return port != null && port.pid().equals(pid);
  }

  /// Ends it, if there is one, and any that is asked for later. The first reason counts.
  public void end(ExitReason reason) {
    Port opened;
    synchronized (this) {
      if (end != null) {
        return;
      }
      end = reason;
      opened = port;
    }
    if (opened != null) {
      opened.close(reason);
    }
  }
}
