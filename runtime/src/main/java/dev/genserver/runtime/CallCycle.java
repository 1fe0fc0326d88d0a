package dev.genserver.runtime;

import dev.genserver.sdk.ExitException;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.ServerRef;
import java.util.ArrayList;
import java.util.List;

/// Finds processes that wait for each other in a ring, so that none of them can go on.
final class CallCycle {

  /*
   * Each process says what it waits for before it looks whether that closes a ring. So of those that
   * close one at the same moment, at least the last to say so sees it whole.
   */

  /// A longer chain is not followed: it is none of ours, or one that changes while it is looked at.
  private static final int LONGEST = 1_000;

  private CallCycle() {}

  /// Refuses a wait that could never end; `waiting` has said that it begins.
  ///
  /// @throws ExitException with [ExitReason.CallCycle]
  static void refuse(LocalProcess waiting) {
    var chain = closedBy(waiting);
    if (!chain.isEmpty()) {
      throw new ExitException(new ExitReason.CallCycle(chain));
    }
  }

  /// The ring that `waiting` closes by its present wait, itself first and last; empty if it closes
  /// none.
  private static List<ServerRef> closedBy(LocalProcess waiting) {
    var chain = new ArrayList<ServerRef>();
    var process = waiting;
    while (chain.size() < LONGEST) {
      chain.add(process.ref());
      var wait = process.waitsFor();
      if (wait == null || !wait.isBinding()) {
        return List.of();
      }
      process = wait.target();
      if (process == waiting) {
        chain.add(process.ref());
        return List.copyOf(chain);
      }
    }
    return List.of();
  }
}
