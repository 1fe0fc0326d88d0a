package dev.genserver.client;

import org.jspecify.annotations.Nullable;

/// A monitored process has ended, was not there, or can no longer be watched.
///
/// @param pid the process's; null if nobody had the name
/// @param name the name that was monitored; null if it was a pid
/// @otp the message `{'DOWN', Ref, process, Object, Reason}`
public record Down(@Nullable String pid, @Nullable String name, ExitReason reason) {}
