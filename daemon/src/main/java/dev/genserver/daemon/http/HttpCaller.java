package dev.genserver.daemon.http;

import dev.genserver.daemon.request.PeerProcess;
import dev.genserver.runtime.Node;
import dev.genserver.runtime.Port;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Pid;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Whoever has sent one request, as processes see it: a process that lives as long as the request
/// is at work. A connection means nothing here: proxies share them. Thread-safe.
final class HttpCaller implements Port.Owner {

  private final Guest guest;
  private final Callers callers;
  private final Consumer<ExitReason> ended;
  private final PeerProcess process;
  private @Nullable Pid known;
  private boolean over;

  /// @param ended is told that the process has ended; for whatever reason
  HttpCaller(Guest guest, Node node, Callers callers, Consumer<ExitReason> ended) {
    this.guest = guest;
    this.callers = callers;
    this.ended = ended;
    this.process = new PeerProcess(this, node);
  }

  Pid pid() {
    var pid = process.port().pid();
    synchronized (this) {
      if (!over) {
        known = pid;
        callers.add(pid, guest);
      }
    }
    return pid;
  }

  /// The request is over.
  void end(ExitReason reason) {
    synchronized (this) {
      over = true;
      if (known != null) {
        callers.remove(known);
      }
    }
    process.end(reason);
  }

  /// Nobody is there to be told.
  @Override
  public void received(InfoMessage message) {}

  @Override
  public void ended(ExitReason reason) {
    ended.accept(reason);
  }

  @Override
  public String toString() {
    return "request over HTTP of " + guest.peerAddress();
  }
}
