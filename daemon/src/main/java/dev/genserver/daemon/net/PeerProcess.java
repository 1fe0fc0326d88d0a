package dev.genserver.daemon.net;

import dev.genserver.runtime.Node;
import dev.genserver.runtime.Port;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Pid;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// The process that stands for the peer of a connection, and ends with it. Made when it is first
/// asked for: most connections need none. Thread-safe.
final class PeerProcess implements Port.Owner {

  private static final System.Logger LOG = System.getLogger(PeerProcess.class.getName());

  private final Connection connection;
  private final Node node;
  private @Nullable Port port;
  private @Nullable ExitReason end;

  PeerProcess(Connection connection, Node node) {
    this.connection = connection;
    this.node = node;
  }

  /// The process. If the connection is gone, it is one that has ended too: whoever monitors it is
  /// told so at once.
  Port port() {
    Port opened;
    ExitReason reason;
    synchronized (this) {
      if (port == null) {
        port = node.openPort(this);
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
  synchronized boolean is(Pid pid) {
    return port != null && port.pid().equals(pid);
  }

  /// Ends it, if there is one, because the connection ends. The first reason counts.
  void end(ExitReason reason) {
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

  @Override
  public void received(InfoMessage message) {
    if (message instanceof InfoMessage.Down down) {
      connection.down(down);
    } else {
      LOG.log(Level.DEBUG, "message dropped to={0}: clients take none", this);
    }
  }

  @Override
  public void ended(ExitReason reason) {
    connection.peerEnded(reason);
  }

  @Override
  public String toString() {
    return connection.toString();
  }
}
