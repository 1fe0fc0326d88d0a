package dev.genserver.daemon.config;

/// A value that applies, and why.
///
/// @param origin `default`, a line of the file such as `genserverd.yaml:12`, an environment
///   variable, or a flag
public record EffectiveValue(String key, String value, String origin) {

  /// The origin of what nobody has said.
  static final String DEFAULT = "default";
}
