package dev.genserver.daemon.access;

import java.util.Locale;

/// What can be done to a process. For those under `sys.` each needs the right to administer.
public enum Right {
  CALL,
  CAST,
  MONITOR;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
