package dev.genserver.daemon.access;

import java.util.Optional;

/// What somebody may do. Immutable.
///
/// @param admin whether it may address the processes under `sys.`, by which the daemon is
///   administered; no name set includes these
public record Rights(NameSet call, NameSet cast, NameSet monitor, boolean admin) {

  /// How the names of the daemon's own processes begin.
  public static final String RESERVED = "sys.";

  public static final Rights ALL = new Rights(NameSet.ALL, NameSet.ALL, NameSet.ALL, true);
  public static final Rights ALL_BUT_ADMIN =
      new Rights(NameSet.ALL, NameSet.ALL, NameSet.ALL, false);
  public static final Rights NONE = new Rights(NameSet.NONE, NameSet.NONE, NameSet.NONE, false);

  /// Whether `right` is given for whatever process there is.
  public boolean allowAny(Right right) {
    return admin && names(right).isAll();
  }

  /// Whether `right` is given for the process.
  ///
  /// @param name the process's; empty if it has none, which takes the right to all
  public boolean allow(Right right, Optional<String> name) {
    return name.map(each -> allow(right, each)).orElseGet(() -> names(right).isAll());
  }

  /// Whether `right` is given for processes of that name.
  public boolean allow(Right right, String name) {
    return name.startsWith(RESERVED) ? admin : names(right).contains(name);
  }

  @Override
  public String toString() {
    return "call=%s cast=%s monitor=%s admin=%s".formatted(call, cast, monitor, admin);
  }

  private NameSet names(Right right) {
    return switch (right) {
      case CALL -> call;
      case CAST -> cast;
      case MONITOR -> monitor;
    };
  }
}
