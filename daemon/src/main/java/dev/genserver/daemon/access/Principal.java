package dev.genserver.daemon.access;

import java.util.Optional;

/// Somebody who may do something. Immutable.
///
/// @param name empty for somebody who did not have to log in
public record Principal(Optional<String> name, Rights rights) {

  /// For the log.
  @Override
  public String toString() {
    return name.orElse(PrincipalSpec.ANONYMOUS);
  }
}
