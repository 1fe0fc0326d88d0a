package dev.genserver.daemon;

import java.util.Optional;

/// What this build is.
final class Version {

  private Version() {}

  /// The version in the jar's manifest; `dev` where the classes are in no jar.
  static String current() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion()).orElse("dev");
  }
}
