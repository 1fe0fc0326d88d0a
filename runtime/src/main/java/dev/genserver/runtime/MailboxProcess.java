package dev.genserver.runtime;

import dev.genserver.sdk.CurrentProcess;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ServerName;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A process that takes its messages from a mailbox, and has a thread only while there are some.
abstract sealed class MailboxProcess extends LocalProcess permits ServerProcess {

  /*
   * `ownership` says who may take from the mailbox.
   *
   *   IDLE      nobody: the mailbox was found empty. Whoever puts a message in and moves IDLE to ACTIVE
   *             starts an activation.
   *   ACTIVE    one activation, started or about to start. It alone takes messages and touches what is
   *             the consumer's, the state of the server above all.
   *   CALLBACK  the same, but its thread is in code of the plugin and may stay there for long.
   *   OWNED     one who replaces its code; no activation. It runs code of the plugin on threads of its
   *             own, and the word is CALLBACK then, as for an activation.
   *
   * An activation moves ACTIVE to CALLBACK and back around each callback. When others end the process
   * while it is in CALLBACK, they move it to ACTIVE themselves, on behalf of a new activation that
   * rejects what is left. The old one then fails to move back, and with that knows that it is abandoned:
   * it leaves without touching anything. The word never becomes CALLBACK again after that, since an
   * ended process runs no callbacks.
   *
   * No message is missed: a producer puts it in and then reads the word; an activation that gives up
   * sets IDLE and then looks at the mailbox. One of the two sees the other. No end is missed either: who
   * ends the process sets the exit reason and then reads the word; an activation sets CALLBACK and then
   * reads the exit reason, before it runs the callback.
   */
  private static final int IDLE = 0;
  private static final int ACTIVE = 1;
  private static final int CALLBACK = 2;
  private static final int OWNED = 3;

  private static final VarHandle OWNERSHIP;

  /// After so many callbacks in a row an activation lets others onto its carrier thread.
  private static final int BATCH = 256;

  static {
    try {
      OWNERSHIP =
          MethodHandles.lookup().findVarHandle(MailboxProcess.class, "ownership", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Mailbox mailbox = new LinkedMailbox();
  private volatile int ownership = ACTIVE;
  private volatile @Nullable RoomWaiters roomWaiters;
  private volatile @Nullable Mailbox urgent;
  private volatile @Nullable Suspension suspension;
  private volatile Hold.@Nullable Member hold;

  // The consumer's. Others read `thread` after they have found the word to be CALLBACK.
  private @Nullable Thread thread;

  /// @param first the message that its first activation finds
  MailboxProcess(
      Node node,
      Pid pid,
      @Nullable LocalProcess parent,
      @Nullable ServerName name,
      Envelope first) {
    super(node, pid, parent, name);
    mailbox.put(first);
  }

  /// The consumer has a thread, after a time without.
  abstract void activated();

  /// Handles one message and what follows from it at once.
  ///
  /// @return false if this activation was abandoned
  abstract boolean handle(Envelope message);

  /// Whether a suspended process takes the message all the same.
  abstract boolean isSystem(Envelope message);

  /// Takes a message that came too late.
  abstract void reject(Envelope message);

  /// Lets go of what an ended process may still hold. Run by the consumer, at least once.
  void release() {
    var held = suspension;
    if (held != null) {
      for (Envelope message; (message = held.take()) != null; ) {
        reject(message);
      }
    }
  }

  // Putting messages in.

  @Override
  final void deliver(Envelope message) {
    mailbox.put(message);
    wake();
  }

  /// Has a message overtake those that wait.
  final void deliverUrgent(Envelope message) {
    urgentMailbox().put(message);
    wake();
  }

  private void wake() {
    if (ownership == IDLE && OWNERSHIP.compareAndSet(this, IDLE, ACTIVE)) {
      activate();
    }
  }

  private synchronized Mailbox urgentMailbox() {
    var box = urgent;
    if (box == null) {
      box = new LinkedMailbox();
      urgent = box;
    }
    return box;
  }

  /// Whether nothing waits and nothing is being handled; may be over as soon as it is said.
  final boolean isIdle() {
    return mailbox.size() == 0 && ownership == IDLE;
  }

  /// Starts an activation. The word is ACTIVE on its behalf.
  final void activate() {
    node.scheduler.activate(this, this::activation, loader());
  }

  // Taking messages out.

  private void activation() {
    CurrentProcess.run(new Context(this), this::drain);
  }

  private void drain() {
    thread = Thread.currentThread();
    activated();
    var handled = 0;
    boolean released;
    do {
      for (Envelope message; (message = next()) != null; ) {
        if (!isAlive()) {
          reject(message);
        } else if (!handle(message)) {
          return;
        }
        letOthersRun(++handled);
        wakeRoomWaiters();
      }
      released = !isAlive();
      if (released) {
        release();
      }
    } while (!retire(released));
    wakeRoomWaiters();
  }

  private @Nullable Envelope next() {
    var keeping = hold;
    if (keeping != null) {
      keeping.left();
      if (isAlive()) {
        return next(keeping);
      }
    }
    var overtaking = urgent;
    if (overtaking != null) {
      var message = overtaking.take();
      if (message != null) {
        return message;
      }
    }
    var held = suspension;
    return held == null ? mailbox.take() : next(held);
  }

  private @Nullable Envelope next(Suspension held) {
    if (!held.isOn() || !isAlive()) {
      var message = held.take();
      if (message == null) {
        suspension = null;
      }
      return message == null ? mailbox.take() : message;
    }
    for (Envelope message; (message = mailbox.take()) != null; ) {
      if (isSystem(message)) {
        return message;
      }
      held.hold(message);
    }
    return null;
  }

  /// The next message that a process may take whose code is about to be replaced.
  private @Nullable Envelope next(Hold.Member keeping) {
    keeping.reached();
    while (!keeping.isClosed()) {
      var overtaking = urgent;
      if (overtaking != null && !overtaking.isEmpty()) {
        return keeping.enter() ? overtaking.take() : null;
      }
      var aside = aside();
      lookAside(aside, keeping);
      if (keeping.owes()) {
        return keeping.enter() ? keeping.paid(aside) : null;
      }
      var message = mailbox.take();
      if (message == null) {
        return null;
      }
      if (!aside.isOn() || !isSystem(message)) {
        aside.hold(message);
        if (!aside.isOn() && mustServe(message, keeping)) {
          keeping.owe(aside.size());
        }
      } else if (keeping.enter()) {
        return message;
      } else {
        urgentMailbox().put(message); // the hold was closed: it comes first when that is over
      }
    }
    return null;
  }

  /// Looks for messages that are waited for among those that wait aside already: from a hold or a
  /// suspension before. A suspended process owes nothing.
  private void lookAside(Suspension aside, Hold.Member keeping) {
    if (aside.isOn()) {
      keeping.oweNothing();
    } else if (keeping.mustLook()) {
      keeping.owe(aside.upToLast(message -> mustServe(message, keeping)));
    }
  }

  /// A start and an end are waited for always, a request of `sys` only where its caller must not
  /// wait.
  private boolean mustServe(Envelope message, Hold.Member keeping) {
    return keeping.isWaitedFor(message) || (isSystem(message) && !(message instanceof SystemCall));
  }

  /// Where messages wait that are not taken yet though they have left the mailbox.
  private Suspension aside() {
    var held = suspension;
    if (held == null) {
      held = Suspension.ended();
      suspension = held;
    }
    return held;
  }

  /// Holds back, or no longer, what is not for the system. For the consumer.
  final void suspend(boolean on) {
    var held = suspension;
    if (!on) {
      if (held != null) {
        held.end();
      }
    } else if (held == null) {
      suspension = new Suspension();
    } else {
      held.begin();
    }
  }

  /// Whether only system messages are taken now.
  public final boolean isSuspended() {
    var held = suspension;
    return held != null && held.isOn();
  }

  /// Whether a message waits that overtakes the others.
  final boolean hasUrgent() {
    var overtaking = urgent;
    return overtaking != null && !overtaking.isEmpty();
  }

  private boolean nothingWaits() {
    var keeping = hold;
    if (keeping != null && isAlive()) {
      return keeping.isClosed() || (mailbox.isEmpty() && !hasUrgent() && !keeping.isAsked());
    }
    return mailbox.isEmpty() && !hasUrgent() && !isHeldAside();
  }

  private boolean isHeldAside() {
    var held = suspension;
    return held != null && !held.isOn() && held.size() > 0;
  }

  /// Gives the mailbox up if it is still empty, and there is nothing to release since.
  private boolean retire(boolean released) {
    var me = thread;
    thread = null; // a thread that has ended need not be kept in memory
    ownership = IDLE;
    var nothingToDo = nothingWaits() && (released || isAlive());
    if (nothingToDo || !OWNERSHIP.compareAndSet(this, IDLE, ACTIVE)) {
      return true;
    }
    thread = me;
    return false;
  }

  /// Lets others onto the carrier thread after every so many callbacks in a row.
  @SuppressWarnings(
      "ThreadPriorityCheck") // nothing relies on it; it keeps a busy process from starving others
  static void letOthersRun(int callbacks) {
    if (callbacks % BATCH == 0) {
      Thread.yield();
    }
  }

  // While its code is replaced. Called by one who replaces it.

  /// Keeps the process between two messages as soon as it is there, but for what others wait for.
  final void hold(Hold common) {
    hold = new Hold.Member(common);
  }

  /// Whether it is kept by that hold, or about to be.
  final boolean isIn(Hold common) {
    var keeping = hold;
    return keeping != null && keeping.isOf(common);
  }

  /// Whether the process has come to where it is kept.
  final boolean isKept() {
    var keeping = hold;
    if (keeping == null || keeping.hasReached()) {
      return keeping != null;
    }
    if (ownership == IDLE) {
      keeping.reached();
      return true;
    }
    return false;
  }

  /// Has a process that is kept look once more which of its messages are waited for.
  final void lookAgain() {
    var keeping = hold;
    if (keeping != null) {
      keeping.ask();
      wake();
    }
  }

  /// Makes the caller the consumer of an idle process, which stays so until [#giveBack]: unless
  /// others end the process while it is between [#enterAsOwner] and [#leaveAsOwner].
  ///
  /// @return false if it is not idle
  final boolean own() {
    return ownership == IDLE && OWNERSHIP.compareAndSet(this, IDLE, OWNED);
  }

  /// Keeps the process no longer; the caller is its consumer no more, if it was.
  final void giveBack() {
    hold = null;
    if (ownership == OWNED) {
      thread = null;
      ownership = IDLE;
    }
    if (ownership == IDLE && (!nothingWaits() || !isAlive())) {
      wake();
    }
  }

  /// Before code of the plugin that the owner runs on a thread of its own; see [#enter].
  final void enterAsOwner() {
    thread = Thread.currentThread();
    enter();
  }

  /// After code of the plugin, for the owner, or when it leaves a thread to itself that does not
  /// come out of it.
  ///
  /// @return false if others have ended the process meanwhile: the owner has lost it then, and the
  ///   thread is interrupted sooner or later
  final boolean leaveAsOwner() {
    return OWNERSHIP.compareAndSet(this, CALLBACK, OWNED);
  }

  // Callbacks and the end.

  /// Before code of the plugin. Check [#isAlive] between this and the code.
  final void enter() {
    OWNERSHIP.setVolatile(this, CALLBACK);
  }

  /// After code of the plugin.
  ///
  /// @return false if others ended the process meanwhile: this activation is abandoned then
  final boolean leave() {
    if (!OWNERSHIP.compareAndSet(this, CALLBACK, ACTIVE)) {
      return false;
    }
    // An interrupt that the callback gave itself is not the next one's business.
    Thread.interrupted();
    return true;
  }

  /// Sees to it that what is in the mailbox is rejected soon. For whoever has ended the process.
  final void takeOver() {
    if (OWNERSHIP.compareAndSet(this, CALLBACK, ACTIVE)) {
      var abandoned = thread;
      activate();
      if (abandoned != null) {
        throwOff(abandoned);
      }
    } else if (OWNERSHIP.compareAndSet(this, IDLE, ACTIVE)) {
      release();
      if (!retire(true)) {
        activate();
      }
      wakeRoomWaiters();
    }
  }

  // How it does.

  @Override
  public final int queued() {
    var held = suspension;
    return held == null ? mailbox.size() : mailbox.size() + held.size();
  }

  public abstract int maxQueue();

  @Override
  final List<Envelope> peek(int most) {
    var held = suspension;
    var messages = new ArrayList<Envelope>(held == null ? List.of() : held.peek(most));
    messages.addAll(mailbox.peek(most - messages.size()));
    return messages;
  }

  /// The thread that is in code of the plugin now; null if none is.
  final @Nullable Thread threadInCallback() {
    return ownership == CALLBACK ? thread : null;
  }

  final ProcessInfo.Status status() {
    if (isSuspended()) {
      return ProcessInfo.Status.SUSPENDED;
    }
    if (ownership == IDLE) {
      return ProcessInfo.Status.IDLE;
    }
    return waitsFor() == null ? ProcessInfo.Status.RUNNING : ProcessInfo.Status.WAITING;
  }

  @Override
  final boolean hasRoom() {
    return queued() < maxQueue();
  }

  public final void whenRoom(Runnable task) {
    RoomWaiters waiters;
    synchronized (this) {
      waiters = roomWaiters;
      if (waiters == null) {
        waiters = new RoomWaiters();
        roomWaiters = waiters;
      }
    }
    waiters.add(task);
    waiters.check(this);
  }

  private void wakeRoomWaiters() {
    var waiters = roomWaiters;
    if (waiters != null) {
      waiters.check(this);
    }
  }
}
