package dev.genserver.sdk;

/// Whom a supervisor restarts when one child is to be restarted.
///
/// @otp supervisor:strategy()
public enum Strategy {
  /// That child alone.
  ONE_FOR_ONE,
  /// All children: the others are ended, the newest first, and then all are started in order.
  ONE_FOR_ALL,
  /// That child and those that were started after it: the later ones are ended, the newest first,
  /// and then it and they are started in order.
  REST_FOR_ONE
}
