package dev.genserver.conformance;

import java.util.List;

/// The daemon that a row takes.
enum Setup {
  /// Any at all, with the plugin `conformance` where the row needs a process.
  ANY,

  /// One with limits that are soon met.
  TIGHT(
      "--frame-max-bytes=4096",
      "--call-max-timeout=2s",
      "--connection-max-in-flight=3",
      "--connection-max-monitors=2",
      "--connection-write-high-water=65536",
      "--connection-slow-consumer-grace=300ms"),

  /// One that misses signs of life soon.
  IMPATIENT("--connection-idle-timeout=1s"),

  /// One that lets calls wait for ever.
  PATIENT("--call-allow-infinity=true"),

  /// One with room for two connections.
  CROWDED("--connection-max=2"),

  /// One where the principals `operator` and `guest` log in by tokens.
  GUARDED("--login-timeout=1s"),

  /// One that speaks TLS.
  ENCRYPTED("--tls-certificate=…", "--tls-key=…"),

  /// One that the row may end, and that takes its time.
  ENDING("--shutdown-drain=20s"),

  /// One that the row may end, and that does not take long.
  ENDING_SOON("--shutdown-drain=300ms");

  private final String flags;

  Setup(String... flags) {
    this.flags = String.join(" ", flags);
  }

  /// What the daemon is started with.
  List<String> flags() {
    return flags.isEmpty() ? List.of() : List.of(flags.split(" "));
  }

  /// Whether each row has to have one of its own.
  boolean isUsedUp() {
    return this == ENDING || this == ENDING_SOON;
  }
}
