package dev.genserver.runtime;

import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Pid;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// A call on its way: queued, then running, perhaps waiting for a deferred reply, then done.
///
/// Whoever moves it to done, by a reply, the process's end, its deadline or its caller, settles its
/// one outcome; all others are too late.
abstract sealed class Call implements Envelope, From permits LocalCall, ExternalCall {

  private static final System.Logger LOG = System.getLogger(Call.class.getName());

  private static final int QUEUED = 0;
  private static final int RUNNING = 1;
  private static final int WAITING = 2;
  private static final int DONE = 3;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Call.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile int state = QUEUED;
  private @Nullable LocalProcess deferredBy;

  @Override
  public abstract @Nullable TraceContext traceContext();

  /// The request, made ready on the process's own thread.
  abstract Object request(GenServer<?, ?, ?> server);

  /// Tells the caller; invoked once, on any thread.
  abstract void settled(Outcome outcome);

  /// Whether the process may start on it: not if it was settled while it was queued.
  ///
  /// @param now the time, as the process has just read it
  /// @param needed how long, in nanoseconds, it takes at the least, as far as the process knows
  boolean begin(long now, long needed) {
    return STATE.compareAndSet(this, QUEUED, RUNNING);
  }

  /// The callback has returned without a reply. False if the call is settled all the same.
  final boolean defer(LocalProcess process) {
    deferredBy = process;
    return STATE.compareAndSet(this, RUNNING, WAITING);
  }

  @Override
  public final boolean reply(@Nullable Object value) {
    var waiting = isWaiting();
    return settle(new Outcome.Replied(value)) != null && waiting;
  }

  final void exited(Pid pid, ExitReason reason) {
    var phase = phase();
    if (phase != null) {
      settleSafely(new Outcome.Exited(pid, reason, phase));
    }
  }

  final void undecodable(RuntimeException cause) {
    settleSafely(new Outcome.Undecodable(cause));
  }

  /// A caller that cannot be told must not stop the process's end, nor the others from being told.
  private void settleSafely(Outcome outcome) {
    try {
      settle(outcome);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "caller could not be told outcome=" + outcome, e);
    }
  }

  @Override
  public boolean isWaiting() {
    return state != DONE;
  }

  /// Where the call is; null if it is done.
  final @Nullable Phase phase() {
    return phase(state);
  }

  /// Settles the call unless it is done.
  ///
  /// @return where it was; null if it was done
  final @Nullable Phase settle(Outcome outcome) {
    var was = finish();
    if (was != null) {
      settled(outcome);
    }
    return was;
  }

  /// Moves the call to done without telling anybody.
  ///
  /// @return where it was; null if it was done
  final @Nullable Phase finish() {
    var was = (int) STATE.getAndSet(this, DONE);
    if (was == WAITING && deferredBy != null) {
      deferredBy.forget(this);
    }
    return phase(was);
  }

  private static @Nullable Phase phase(int state) {
    return switch (state) {
      case QUEUED -> Phase.QUEUED;
      case RUNNING -> Phase.RUNNING;
      case WAITING -> Phase.WAITING;
      default -> null;
    };
  }
}
