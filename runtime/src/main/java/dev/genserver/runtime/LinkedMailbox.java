package dev.genserver.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An unbounded linked queue for many producers and one consumer (Dmitry Vyukov's), small when
/// empty.
final class LinkedMailbox implements Mailbox {

  /*
   * `head` is the consumer's: a node whose message was taken; the messages hang behind it. A producer
   * swaps itself into `tail` and then links its predecessor to itself. Between these two steps the
   * chain is cut: the consumer sees a tail that is not its head and waits for the link, a few
   * instructions away.
   */
  private static final VarHandle TAIL;
  private static final VarHandle NEXT;
  private static final VarHandle PUT;
  private static final VarHandle TAKEN;

  static {
    try {
      var lookup = MethodHandles.lookup();
      TAIL = lookup.findVarHandle(LinkedMailbox.class, "tail", Node.class);
      NEXT = lookup.findVarHandle(Node.class, "next", Node.class);
      PUT = lookup.findVarHandle(LinkedMailbox.class, "put", int.class);
      TAKEN = lookup.findVarHandle(LinkedMailbox.class, "taken", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final class Node {
    @Nullable Envelope message;
    volatile @Nullable Node next;

    Node(@Nullable Envelope message) {
      this.message = message;
    }
  }

  private Node head = new Node(null);
  private volatile Node tail = head;

  // Both count on and wrap around; their difference is the length.
  private volatile int put;
  private volatile int taken;

  @Override
  public void put(Envelope message) {
    PUT.getAndAdd(this, 1);
    var node = new Node(message);
    var before = (Node) TAIL.getAndSet(this, node);
    NEXT.setRelease(before, node);
  }

  @Override
  public @Nullable Envelope take() {
    var next = head.next;
    if (next == null) {
      if (head == tail) {
        return null;
      }
      while ((next = head.next) == null) {
        Thread.onSpinWait();
      }
    }
    var message = next.message;
    next.message = null;
    // Else a node that the collector has moved to the old generation keeps all later ones alive.
    NEXT.set(head, null);
    head = next;
    TAKEN.setOpaque(this, taken + 1);
    return message;
  }

  @Override
  public List<Envelope> peek(int most) {
    var messages = new ArrayList<Envelope>();
    var node = head.next;
    while (node != null && messages.size() < most) {
      var message = node.message;
      if (message != null) {
        messages.add(message);
      }
      node = node.next;
    }
    return messages;
  }

  @Override
  public boolean isEmpty() {
    return head == tail;
  }

  @Override
  public int size() {
    return Math.max(0, put - (int) TAKEN.getOpaque(this));
  }
}
