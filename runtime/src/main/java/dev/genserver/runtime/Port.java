package dev.genserver.runtime;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerRef;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A process that runs no code: it stands for a peer outside the node, such as a connection. It can
/// be linked and monitored, gets messages, and monitors others for its peer. Thread-safe.
///
/// It never traps exits: an exit signal other than `normal` ends it. A call to it has no answer.
///
/// @otp port(); this one is a pid as any other
public final class Port extends LocalProcess {

  private static final System.Logger LOG = System.getLogger(Port.class.getName());

  /// Whoever brings the peer's wishes in and carries out what the port is told. Its `toString`
  /// names the peer. Called on any thread, several at a time: must neither block nor run code of
  /// plugins for long.
  public interface Owner {

    /// A message came. One of a monitor that another thread takes away right now may still come
    /// when [Port#demonitor] has returned.
    void received(InfoMessage message);

    /// The port has ended: closed by the owner, by an exit signal, or with the node. Called once.
    void ended(ExitReason reason);
  }

  private final Owner owner;

  Port(Node node, Pid pid, Owner owner) {
    super(node, pid, null, null);
    this.owner = owner;
  }

  /// A monitor and the process that it is on.
  ///
  /// @param pid null where nobody holds the name that was given
  public record Monitor(MonitorRef ref, @Nullable Pid pid) {}

  /// Has the owner get one [InfoMessage.Down] when that process ends; at once, and maybe before
  /// this returns, if it is not there. A port that has ended monitors nobody and gets no message.
  public Monitor monitor(ServerRef server) {
    var target = node.table.find(server);
    var pid = server instanceof Pid asked ? asked : target == null ? null : target.pid();
    try {
      return new Monitor(monitor(target, server), pid);
    } catch (ProcessEnded _) {
      return new Monitor(node.nextMonitorRef(), pid);
    }
  }

  /// Ends a monitor; does nothing if there is none with that ref, as it has told its one message.
  @Override
  public void demonitor(MonitorRef ref) {
    super.demonitor(ref);
  }

  /// Ends the port: whoever is linked to it or monitors it is told, its own monitors are gone.
  ///
  /// @return false if it had ended already
  public boolean close(ExitReason reason) {
    return end(reason);
  }

  @Override
  void deliver(Envelope message) {
    switch (message) {
      case Envelope.Notice notice -> receive(notice.message());
      case Envelope.Cast cast -> receive(new InfoMessage.Message(cast.message()));
      case Envelope.Stop stop -> end(stop.reason());
      case Call call -> {
        if (call.begin(node.time().nanoTime(), 0)) {
          remember(call);
        }
      }
      case Envelope.Outside _, Envelope.IdleTimeout _, Envelope.Start _ -> {}
    }
  }

  @Override
  boolean hasRoom() {
    return true;
  }

  private void receive(InfoMessage message) {
    // A plain message is not asked about: it may come under the lock of a timer.
    if (isAlive() && (message instanceof InfoMessage.Message || accepts(message))) {
      tell(() -> owner.received(message));
    }
  }

  @Override
  void ended(ExitReason reason, List<Call> deferred) {
    deferred.forEach(call -> call.exited(pid(), reason));
    tell(() -> owner.ended(reason));
  }

  /// An owner that fails must not stop whoever tells it something: perhaps another process's end.
  private void tell(Runnable news) {
    try {
      news.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "owner of port failed port=" + this, e);
    }
  }

  @Override
  String code() {
    return Census.PORTS;
  }

  @Override
  int queued() {
    return 0;
  }

  @Override
  ClassLoader loader() {
    return loaderOf(owner);
  }

  @Override
  ProcessInfo info() {
    return info(
        ProcessInfo.Kind.PORT,
        owner.toString(),
        ProcessInfo.Status.IDLE,
        0,
        Integer.MAX_VALUE,
        Optional.empty(),
        Duration.ZERO);
  }

  @Override
  Optional<Why.Doing> doing() {
    return Optional.empty();
  }

  @Override
  List<Envelope> peek(int most) {
    return List.of();
  }

  @Override
  public String toString() {
    return pid() + " " + owner;
  }
}
